/// What can be wrong with one value.
enum ValueFact: RosterFact {
    case statusInBulk, statusMissingInDelta, requiredEmpty, badShare, endBeforeBegin, badEmail
    case badEnum(String, allowed: [String]), badDate(String), badLanguage(String)

    var told: Told {
        switch self {
        case .statusInBulk:
            Told(
                .statusInBulk, "En mode bulk, status et dateLastModified restent vides.",
                "In bulk mode, status and dateLastModified stay empty.")
        case .statusMissingInDelta:
            Told(
                .statusMissingInDelta, "En mode delta, status et dateLastModified sont obligatoires.",
                "In delta mode, status and dateLastModified are required.")
        case .badShare:
            Told(
                .badShare, "La part d'un poste est un nombre de 0 à 1.", "The share of a post is a number from 0 to 1.")
        case .requiredEmpty: Told(.requiredEmpty, "La valeur est obligatoire.", "The value is required.")
        case .endBeforeBegin: Told(.badDate, "La fin précède le début.", "The end comes before the beginning.")
        case .badEmail:
            Told(.badEmail, "L'adresse de courriel est mal formée.", "The e-mail address is malformed.")
        case .badEnum(let value, let allowed):
            Told(
                .badEnum, "« \(short(value)) » n'est pas permis ici (\(allowed.joined(separator: ", "))).",
                "'\(short(value))' is not allowed here (\(allowed.joined(separator: ", "))).")
        case .badDate(let value):
            Told(
                .badDate, "« \(short(value)) » n'est pas une date AAAA-MM-JJ.",
                "'\(short(value))' is not a date YYYY-MM-DD.")
        case .badLanguage(let value):
            Told(
                .badLanguage, "« \(short(value)) » n'est pas une étiquette de langue.",
                "'\(short(value))' is not a language tag.")
        }
    }
}
