import ModuleKit

// What the module says to people: each refusal with its code, its stable reason, and its text in both languages. What
// is said of a roster stands in `Import/RosterTexts.swift`.

extension Grant.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .own:
            Status(
                .permissionDenied, "OWN_GRANT",
                fr: "Personne ne se donne un rôle à soi-même.",
                en: "Nobody gives a role to themselves.")
        case .lastBoardLead:
            Status(
                .failedPrecondition, "LAST_BOARD_LEAD",
                fr: "Le conseil n'aurait plus de responsable du perfectionnement.",
                en: "The board would have no lead any more.")
        case .boardHasLead(let sourceID):
            Status(
                .failedPrecondition, "BOARD_HAS_LEAD",
                fr: "Le conseil \(sourceID) a déjà un ou une responsable.",
                en: "The board \(sourceID) has a lead already.",
                metadata: ["board": sourceID])
        }
    }
}

extension Status {
    static let noBoard = badField(
        "boards", "REQUIRED", fr: "Il faut nommer un conseil.", en: "A board must be named.")

    static let rosterField = Status(
        .failedPrecondition, "ROSTER_FIELD",
        fr: "Ce champ vient du fichier du personnel et ne se change pas ici.",
        en: "This field comes from the roster and is not changed here.")

    static let unknownZone = badField(
        "org.zone", "UNKNOWN_ZONE", fr: "Ce fuseau horaire n'existe pas.", en: "There is no such time zone.")

    static let emailTaken = badField(
        "person.email", "EMAIL_TAKEN", fr: "Cette adresse est celle d'une autre personne du conseil.",
        en: "This address is that of another person of the board.")

    static let badEmail = badField(
        "person.email", "BAD_EMAIL", fr: "L'adresse de courriel est mal formée.",
        en: "The e-mail address is malformed.")

    static let badLanguage = badField(
        "person.languages", "BAD_LANGUAGE", fr: "Une étiquette de langue est attendue : fr-CA.",
        en: "A language tag is expected: fr-CA.")

    static let notGrantable = badField(
        "role", "NOT_GRANTABLE",
        fr: "Ce rôle ne se donne pas.", en: "This role is not given by a grant.")

    static let onlyOverBoard = badField(
        "scope", "BOARD_EXPECTED",
        fr: "Ce rôle s'exerce sur tout un conseil : boards/…", en: "This role is held over a whole board: boards/…")

    static let endNotAfterStart = badField(
        "end_time", "NOT_AFTER_START", fr: "La fin doit suivre le début.", en: "The end must follow the start.")
}
