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

    static let notGrantable = badField(
        "role", "NOT_GRANTABLE",
        fr: "Ce rôle ne se donne pas.", en: "This role is not given by a grant.")

    static let onlyOverBoard = badField(
        "scope", "BOARD_EXPECTED",
        fr: "Ce rôle s'exerce sur tout un conseil : boards/…", en: "This role is held over a whole board: boards/…")

    static let endNotAfterStart = badField(
        "end_time", "NOT_AFTER_START", fr: "La fin doit suivre le début.", en: "The end must follow the start.")
}
