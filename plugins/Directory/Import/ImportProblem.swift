import DirectoryAPI
import ModuleKit
import OneRoster

/// Something wrong or odd in a roster, and where: what the reader tells, or what the directory adds.
struct ImportProblem: Equatable, Sendable {
    /// What a roster can have against the directory, not against itself.
    enum Fact: String {
        case foreignBoard = "FOREIGN_BOARD"
        case missingBoard = "MISSING_BOARD"
        case otherBoard = "OTHER_BOARD"
        case unknownZone = "UNKNOWN_ZONE"
        case emailTaken = "EMAIL_TAKEN"
        case usernameTaken = "USERNAME_TAKEN"
        // Of a delta: the same words as the reader's where they mean the same.
        case unknownReference = "UNKNOWN_REFERENCE"
        case orgCycle = "ORG_CYCLE"
        case noBoard = "NO_BOARD"
        case primaryRole = "PRIMARY_ROLE"
        case orgInUse = "ORG_IN_USE"
        case ambiguousID = "AMBIGUOUS_ID"
        /// The request says another mode than the package.
        case otherMode = "OTHER_MODE"
        /// A warning.
        case erasedPerson = "ERASED_PERSON"
    }

    /// Stable: "UNKNOWN_REFERENCE".
    var code: String
    var isWarning = false
    var file: String
    /// From 1; nil for the whole file.
    var line: Int?
    var column: String?
    var text: LocalizedText

    init(code: String, file: String, line: Int?, column: String?, text: LocalizedText) {
        (self.code, self.file, self.line, self.column, self.text) = (code, file, line, column, text)
    }

    init(_ fact: Fact, file: String, line: Int? = nil, column: String? = nil) {
        code = fact.rawValue
        self.file = file
        self.line = line
        self.column = column
        text = fact.text
    }

    init(_ problem: RosterProblem) {
        code = problem.code.rawValue
        isWarning = problem.isWarning
        file = problem.file
        line = problem.line
        column = problem.column
        text = LocalizedText(fr: problem.french, en: problem.english)
    }

    /// "users.csv:3:orgSourcedIds", as far as it is known.
    var place: String {
        guard let line else { return file }
        return "\(file):\(line)" + (column.map { ":\($0)" } ?? "")
    }
}

extension API.RosterProblem {
    init(_ problem: ImportProblem, _ language: Language) {
        self = .with {
            $0.code = problem.code
            $0.file = problem.file
            $0.line = Int32(clamping: problem.line ?? 0)
            $0.column = problem.column ?? ""
            $0.detail = problem.text[language]
        }
    }
}
