/// Something wrong in a set of files, and where.
public struct RosterProblem: Equatable, Sendable {
    /// Stable, for programs.
    public enum Code: String, Sendable, CaseIterable {
        // The set and its manifest.
        case missingFile = "MISSING_FILE"
        case unannouncedFile = "UNANNOUNCED_FILE"
        case badVersion = "BAD_VERSION"
        case missingProperty = "MISSING_PROPERTY"
        case unknownProperty = "UNKNOWN_PROPERTY"
        case duplicateProperty = "DUPLICATE_PROPERTY"
        case unsupportedMode = "UNSUPPORTED_MODE"
        // The form of a file.
        case notUTF8 = "NOT_UTF8"
        case embeddedNUL = "EMBEDDED_NUL"
        case badCSV = "BAD_CSV"
        case fieldTooLong = "FIELD_TOO_LONG"
        case tooManyFields = "TOO_MANY_FIELDS"
        case tooManyRows = "TOO_MANY_ROWS"
        case emptyFile = "EMPTY_FILE"
        case missingColumn = "MISSING_COLUMN"
        case duplicateColumn = "DUPLICATE_COLUMN"
        case fieldCount = "FIELD_COUNT"
        // A row.
        case statusInBulk = "STATUS_IN_BULK"
        case statusMissingInDelta = "STATUS_MISSING_IN_DELTA"
        case badShare = "BAD_SHARE"
        case requiredEmpty = "REQUIRED_EMPTY"
        case badEnum = "BAD_ENUM"
        case badDate = "BAD_DATE"
        case badEmail = "BAD_EMAIL"
        case badLanguage = "BAD_LANGUAGE"
        // Rows beside each other.
        case duplicateSourcedID = "DUPLICATE_SOURCED_ID"
        case duplicateUsername = "DUPLICATE_USERNAME"
        case duplicateEmail = "DUPLICATE_EMAIL"
        case duplicateAssignment = "DUPLICATE_ASSIGNMENT"
        case unknownReference = "UNKNOWN_REFERENCE"
        case orgCycle = "ORG_CYCLE"
        case noBoard = "NO_BOARD"
        case primaryRole = "PRIMARY_ROLE"
        // What is passed over, with a word.
        case warningBOM = "WARNING_BOM"
        case warningUnknownFile = "WARNING_UNKNOWN_FILE"
        case warningUnknownProperty = "WARNING_UNKNOWN_PROPERTY"
        case warningUnknownColumn = "WARNING_UNKNOWN_COLUMN"

        /// A warning does not stop an import.
        public var isWarning: Bool { rawValue.hasPrefix("WARNING_") }
    }

    public var code: Code
    public var file: String
    /// Physical line from 1, that of the row's start; nil when the whole file is meant.
    public var line: Int?
    /// The column's name, where one is meant.
    public var column: String?
    /// One sentence, without the place.
    public var french: String
    public var english: String

    public var isWarning: Bool { code.isWarning }
}

extension RosterProblem: Comparable {
    /// By file, line, column and code; what concerns the whole file first.
    public static func < (left: RosterProblem, right: RosterProblem) -> Bool {
        (left.file, left.line ?? 0, left.column ?? "", left.code.rawValue)
            < (right.file, right.line ?? 0, right.column ?? "", right.code.rawValue)
    }
}

/// The problems found so far: the first of them by place, and how many more there are.
struct ProblemList {
    private let countMax: Int
    private var kept: [RosterProblem] = []
    private(set) var count = 0
    private(set) var hasError = false

    init(countMax: Int) { self.countMax = max(countMax, 0) }

    mutating func add(_ fact: some RosterFact, file: String, line: Int? = nil, column: String? = nil) {
        let told = fact.told
        let problem = RosterProblem(
            code: told.code, file: file, line: line, column: column, french: told.french, english: told.english)
        count += 1
        if !problem.isWarning { hasError = true }
        kept.append(problem)
        // Sorted and cut each time the list has doubled, so that a file of nothing but errors costs no more memory.
        if kept.count >= 2 * countMax + 64 { kept = Array(kept.sorted().prefix(countMax)) }
    }

    func sorted() -> [RosterProblem] { Array(kept.sorted().prefix(countMax)) }
}
