/// What can be wrong with the form of a file.
enum FileFact: RosterFact {
    case notUTF8, embeddedNUL, byteOrderMark, badCSV, fieldTooLong, tooManyFields, tooManyRows, emptyFile
    case missingColumn(String), duplicateColumn(String), ignoredColumn(String)
    case fieldCount(found: Int, expected: Int)

    var told: Told {
        switch self {
        case .notUTF8: Told(.notUTF8, "Le texte n'est pas en UTF-8.", "The text is not UTF-8.")
        case .embeddedNUL: Told(.embeddedNUL, "Le texte contient un octet nul.", "The text contains a NUL byte.")
        case .byteOrderMark:
            Told(.warningBOM, "La marque d'ordre des octets est ignorée.", "The byte order mark is ignored.")
        case .badCSV:
            Told(
                .badCSV, "Les guillemets ou les fins de ligne ne suivent pas la RFC 4180.",
                "Quotes or line ends do not follow RFC 4180.")
        case .fieldTooLong: Told(.fieldTooLong, "Un champ est trop long.", "A field is too long.")
        case .tooManyFields: Told(.tooManyFields, "La ligne a trop de champs.", "The row has too many fields.")
        case .tooManyRows: Told(.tooManyRows, "Le fichier a trop de lignes.", "The file has too many rows.")
        case .emptyFile: Told(.emptyFile, "Le fichier n'a pas d'en-tête.", "The file has no header.")
        case .missingColumn(let name):
            Told(.missingColumn, "La colonne \(name) manque.", "The column \(name) is missing.")
        case .duplicateColumn(let name):
            Told(
                .duplicateColumn, "La colonne \(short(name)) est présente deux fois.",
                "The column \(short(name)) is there twice.")
        case .ignoredColumn(let name):
            Told(
                .warningUnknownColumn, "La colonne \(short(name)) est ignorée.", "The column \(short(name)) is ignored."
            )
        case .fieldCount(let found, let expected):
            Told(
                .fieldCount, "La ligne a \(found) champs au lieu de \(expected).",
                "The row has \(found) fields, \(expected) are expected.")
        }
    }
}
