/// Something wrong in a package, and where.
public struct CASEProblem: Equatable, Sendable {
    /// Stable, for programs.
    public enum Code: String, Sendable, CaseIterable {
        case tooLarge = "TOO_LARGE"
        case badJSON = "BAD_JSON"
        case missingField = "MISSING_FIELD"
        case fieldTooLong = "FIELD_TOO_LONG"
        case badIdentifier = "BAD_IDENTIFIER"
        case badURI = "BAD_URI"
        case badType = "BAD_TYPE"
        case tooManyItems = "TOO_MANY_ITEMS"
        case tooManyAssociations = "TOO_MANY_ASSOCIATIONS"
        case duplicateIdentifier = "DUPLICATE_IDENTIFIER"
        case unknownReference = "UNKNOWN_REFERENCE"
        case secondParent = "SECOND_PARENT"
        case cycle = "CYCLE"
        case tooDeep = "TOO_DEEP"
        case noItem = "NO_ITEM"
    }

    public var code: Code
    /// Where, as a path in the file: "CFAssociations[3].destinationNodeURI"; empty for the whole file.
    public var path: String
    /// What is meant: an identifier, or the codes of a circle, "C1 -> C1.1 -> C1"; empty if the path says it all.
    public var subject: String

    public init(_ code: Code, at path: String, _ subject: String = "") {
        (self.code, self.path, self.subject) = (code, path, subject)
    }
}

/// Why a package is not read: all that is wrong, up to a bound.
public struct CASERefusal: Error, Equatable, Sendable {
    public var problems: [CASEProblem]
    /// How many more there are.
    public var omitted: Int

    public init(problems: [CASEProblem], omitted: Int = 0) { (self.problems, self.omitted) = (problems, omitted) }
}

/// What a package may hold at most.
public struct CASELimits: Sendable {
    public var bytesMax: Int
    public var itemsMax: Int
    public var associationsMax: Int
    /// Bytes of one text.
    public var textBytesMax: Int
    /// How many items may lie below each other.
    public var depthMax: Int
    /// Problems that are told.
    public var problemsMax: Int

    public init(
        bytesMax: Int = 32 << 20, itemsMax: Int = 20_000, associationsMax: Int = 60_000, textBytesMax: Int = 8_000,
        depthMax: Int = 32, problemsMax: Int = 200
    ) {
        (self.bytesMax, self.itemsMax, self.associationsMax) = (bytesMax, itemsMax, associationsMax)
        (self.textBytesMax, self.depthMax, self.problemsMax) = (textBytesMax, depthMax, problemsMax)
    }
}
