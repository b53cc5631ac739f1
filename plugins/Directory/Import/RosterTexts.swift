import Archive
import ModuleKit

// What the module says of a roster: see `Texts.swift`.

extension ImportProblem.Fact {
    var text: LocalizedText {
        switch self {
        case .foreignBoard:
            LocalizedText(
                fr: "Cette ligne n'appartient à aucun des conseils de l'importation.",
                en: "This row belongs to none of the boards of the import.")
        case .missingBoard:
            LocalizedText(
                fr: "Un conseil de l'importation n'est dans aucune ligne.",
                en: "A board of the import is in no row.")
        case .otherBoard:
            LocalizedText(
                fr: "Cette affectation est dans un autre conseil que l'affectation principale.",
                en: "This assignment lies in another board than the primary one.")
        case .unknownZone:
            LocalizedText(fr: "Ce fuseau horaire n'existe pas.", en: "There is no such time zone.")
        case .emailTaken:
            LocalizedText(
                fr: "Cette adresse est celle d'une autre personne du conseil.",
                en: "This address is that of another person of the board.")
        case .usernameTaken:
            LocalizedText(
                fr: "Ce nom d'utilisateur est celui d'une autre personne.",
                en: "This username is that of another person.")
        case .unknownReference:
            LocalizedText(
                fr: "Ce qui est nommé ici n'est ni dans le paquet ni dans l'annuaire.",
                en: "What is named here is neither in the package nor in the directory.")
        case .orgCycle:
            LocalizedText(
                fr: "Des organisations se contiennent en cercle.", en: "Organisations contain each other in a circle.")
        case .noBoard:
            LocalizedText(
                fr: "Cette organisation n'appartient à aucun conseil scolaire (district).",
                en: "This organisation belongs to no school board (district).")
        case .primaryRole:
            LocalizedText(
                fr: "Cette personne aurait aucun, ou plus d'un, rôle principal.",
                en: "This person would have no primary role, or more than one.")
        case .orgInUse:
            LocalizedText(
                fr: "Des personnes travaillent encore dans cette organisation.",
                en: "People still work in this organisation.")
        case .ambiguousID:
            LocalizedText(
                fr: "Deux conseils de l'importation emploient le même identifiant : importez-les séparément.",
                en: "Two boards of the import use the same id: import them one by one.")
        case .otherMode:
            LocalizedText(
                fr: "La demande nomme un autre mode que le manifeste.",
                en: "The request names another mode than the manifest.")
        case .erasedPerson:
            LocalizedText(
                fr: "Cette personne a été effacée : la ligne est laissée de côté.",
                en: "This person was erased: the row is left out.")
        }
    }
}

/// Why a zip is not even looked into.
enum ArchiveRefusal: Error {
    case tooLarge(bytesMax: Int)
    case unreadable(ArchiveError)
}

extension ArchiveRefusal: StatusConvertible {
    var status: Status {
        Status(
            .invalidArgument, "ARCHIVE_REJECTED",
            fr: "L'archive est refusée (\(code)).", en: "The archive is refused (\(code)).",
            metadata: ["code": code])
    }

    /// Stable, in the metadata.
    var code: String {
        switch self {
        case .tooLarge: "TOO_LARGE"
        case .unreadable(.notZip): "NOT_ZIP"
        case .unreadable(.damaged): "DAMAGED"
        case .unreadable(.encrypted): "ENCRYPTED"
        case .unreadable(.unsafePath), .unreadable(.badName): "UNSAFE_PATH"
        case .unreadable(.notRegular): "NOT_REGULAR"
        case .unreadable(.duplicate): "DUPLICATE"
        case .unreadable(.unsupportedMethod): "UNSUPPORTED_METHOD"
        case .unreadable(.tooManyEntries): "TOO_MANY_ENTRIES"
        case .unreadable(.entryTooLarge): "ENTRY_TOO_LARGE"
        case .unreadable(.totalTooLarge): "TOTAL_TOO_LARGE"
        case .unreadable(.ratioTooHigh): "RATIO_TOO_HIGH"
        case .unreadable(.cannotRead), .unreadable(.cannotWrite): "UNREADABLE"
        }
    }
}

/// Why a roster is not applied.
enum ImportRefusal: Error, Equatable {
    /// - Parameter omitted: how many more problems there are.
    case rejected([ImportProblem], omitted: Int)
    /// More than a tenth of a board's staff would leave. By the board's id.
    case confirmationRequired([String: Departures])
    /// Nobody would lead a board any more.
    case lastBoardLead
    /// The directory kept changing while the import was being prepared.
    case outrun

    /// What an import's job tells of it.
    var problems: [ImportProblem] {
        switch self {
        case .rejected(let problems, _): problems
        case .confirmationRequired, .lastBoardLead, .outrun:
            [
                ImportProblem(
                    code: status.reason, file: "users.csv", line: nil, column: nil,
                    text: LocalizedText(fr: status.text.fr, en: status.text.en))
            ]
        }
    }

    /// How many more there are.
    var omitted: Int {
        if case .rejected(_, let omitted) = self { omitted } else { 0 }
    }
}

/// How many of a board's staff an import would end.
struct Departures: Equatable {
    /// Whom a roster had named, before the import.
    var staff = 0
    var leaving = 0
}

extension ImportRefusal: StatusConvertible {
    var status: Status {
        switch self {
        case .rejected(let problems, let omitted): Self.rejected(problems, omitted)
        case .confirmationRequired(let departures): Self.confirmationRequired(departures)
        case .lastBoardLead: Grant.Refusal.lastBoardLead.status
        case .outrun:
            Status(
                .aborted, "IMPORT_OUTRUN",
                fr: "L'annuaire a changé pendant l'importation; rien n'a été importé. Recommencez.",
                en: "The directory has changed during the import; nothing was imported. Try again.")
        }
    }

    private static func rejected(_ problems: [ImportProblem], _ omitted: Int) -> Status {
        let count = problems.count + omitted
        var status = Status(
            .failedPrecondition, "ROSTER_REJECTED",
            fr: "Le fichier du personnel a \(count) problème(s); rien n'a changé.",
            en: "The roster has \(count) problem(s); nothing has changed.",
            metadata: ["count": "\(count)"],
            violations: problems.map {
                FieldViolation(field: $0.place, reason: $0.code, fr: $0.text.fr, en: $0.text.en)
            })
        if let first = problems.first {
            status.metadata["code"] = first.code
            status.metadata["file"] = first.file
            status.metadata["line"] = first.line.map { "\($0)" }
            status.metadata["column"] = first.column
        }
        return status
    }

    private static func confirmationRequired(_ departures: [String: Departures]) -> Status {
        let leaving = departures.values.map(\.leaving).reduce(0, +)
        var status = Status(
            .failedPrecondition, "CONFIRMATION_REQUIRED",
            fr: "\(leaving) personnes quitteraient leur conseil : confirmez-le si c'est voulu.",
            en: "\(leaving) people would leave their board: confirm it if this is meant.",
            metadata: ["leaving": "\(leaving)"])
        for (board, count) in departures {
            status.metadata[BoardName(board: board).description] = "\(count.leaving)/\(count.staff)"
        }
        return status
    }
}
