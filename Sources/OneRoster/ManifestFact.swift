/// What can be wrong with the set and its manifest.
enum ManifestFact: RosterFact {
    case missingFile, rolesNeeded, usersNeeded, unannouncedFile, unknownFile, badHeader, mixedModes
    case badVersion(String), missingProperty(String), duplicateProperty(String), unknownProperty(String)
    case ignoredProperty(String)

    var told: Told {
        switch self {
        case .missingFile:
            Told(.missingFile, "Le fichier est annoncé, mais il manque.", "The file is announced but missing.")
        case .rolesNeeded:
            Told(
                .missingFile, "En version 1.2, users.csv exige roles.csv.", "In version 1.2, users.csv needs roles.csv."
            )
        case .usersNeeded:
            Told(.missingFile, "Un fichier roles.csv exige users.csv.", "A roles.csv needs users.csv.")
        case .unannouncedFile:
            Told(
                .unannouncedFile, "Le fichier est présent, mais le manifeste ne l'annonce pas.",
                "The file is there, but the manifest does not announce it.")
        case .unknownFile:
            Told(
                .warningUnknownFile, "Cette version d'OneRoster n'a pas ce fichier; il est ignoré.",
                "This version of OneRoster has no such file; it is ignored.")
        case .badHeader:
            Told(
                .missingColumn, "L'en-tête doit être propertyName,value.", "The header must be propertyName,value.")
        case .mixedModes:
            Told(
                .unsupportedMode, "Les fichiers utilisés doivent être tous en mode bulk, ou tous en mode delta.",
                "The files in use must all be in the mode bulk, or all in the mode delta.")
        case .badVersion(let value):
            Told(
                .badVersion, "« \(short(value)) » n'est pas une version connue.",
                "'\(short(value))' is not a known version.")
        case .missingProperty(let name):
            Told(.missingProperty, "La propriété \(name) manque.", "The property \(name) is missing.")
        case .duplicateProperty(let name):
            Told(
                .duplicateProperty, "La propriété \(short(name)) est donnée deux fois.",
                "The property \(short(name)) is given twice.")
        case .unknownProperty(let name):
            Told(
                .unknownProperty, "Cette version n'a pas de propriété \(short(name)).",
                "This version has no property \(short(name)).")
        case .ignoredProperty(let name):
            Told(
                .warningUnknownProperty, "La propriété \(short(name)) est ignorée.",
                "The property \(short(name)) is ignored.")
        }
    }
}
