import RPC

/// What a look through the log came to, in words.
struct ChainText {
    let report: ChainReport
    let anchor: Anchor?

    /// The finding as a stable word; empty when nothing is wrong.
    var word: String {
        switch report.finding {
        case nil: ""
        case .altered: "ALTERED"
        case .missing: "MISSING"
        case .forgedCheckpoint: "FORGED_CHECKPOINT"
        case .partAltered: "PART_ALTERED"
        case .tailCut: "TAIL_CUT"
        case .notTheAnchored: "NOT_THE_ANCHORED"
        case .restoredSince: "RESTORED_SINCE"
        }
    }

    var sentence: LocalizedText {
        switch report.finding {
        case .altered(let row):
            LocalizedText(
                fr: "La ligne \(row) a été modifiée, ajoutée ou déplacée.",
                en: "Row \(row) was altered, added or moved.")
        case .missing(let first, let next):
            LocalizedText(
                fr: "Il manque les lignes \(first) à \(next - 1).", en: "Rows \(first) to \(next - 1) are missing.")
        case .forgedCheckpoint:
            LocalizedText(
                fr: "Le début du journal a été coupé : le service n'a pas signé ce point de contrôle.",
                en: "The beginning of the log was cut off: the service did not sign this checkpoint.")
        case .partAltered(let row):
            LocalizedText(
                fr: "La partie personnelle de la ligne \(row) a été modifiée.",
                en: "The personal part of row \(row) was altered.")
        case .tailCut(let last, let anchor):
            LocalizedText(
                fr: "La fin est coupée : le journal finit à la ligne \(last), l'ancre a vu la ligne \(anchor).",
                en: "The tail was cut off: the log ends with row \(last), the anchor saw row \(anchor).")
        case .notTheAnchored(let row):
            LocalizedText(
                fr: "La ligne \(row) n'est pas celle que l'ancre a vue.",
                en: "Row \(row) is not the one that the anchor saw.")
        case .restoredSince(let row, let anchor):
            LocalizedText(
                fr: "Une copie a été restaurée : un nouveau journal commence à la ligne \(row), sans celles que"
                    + " l'ancre a vues jusqu'à \(anchor).",
                en: "A backup was restored: a new log begins at row \(row), without those that the anchor saw up to"
                    + " \(anchor).")
        case nil: intact
        }
    }

    private var intact: LocalizedText {
        if report.isAnchored {
            return LocalizedText(
                fr:
                    "Le journal est intact ; rien ne manque jusqu'à la ligne de l'ancre, \(anchor?.head.sequence ?? 0).",
                en: "The log is intact; nothing is missing up to the anchor's row, \(anchor?.head.sequence ?? 0).")
        }
        if anchor != nil {
            return LocalizedText(
                fr: "Le journal est intact ; l'ancre est plus vieille que la première ligne conservée : elle ne"
                    + " prouve rien de la fin.",
                en: "The log is intact; the anchor is older than the first row that is kept: it proves nothing about"
                    + " the end.")
        }
        return LocalizedText(
            fr: "Les lignes présentes sont intactes. Sans ancre, rien ne prouve que la fin n'a pas été coupée.",
            en: "The rows that are there are intact. Without an anchor nothing proves that the end was not cut off.")
    }
}
