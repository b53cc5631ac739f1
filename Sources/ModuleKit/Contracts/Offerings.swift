public import Calendar
public import Store

/// Things that help people to learn, as workshops do. Any number of modules may provide some.
public protocol OfferingProvider: Sendable {
    /// What begins in a time and helps with any of the competencies, may be joined, and is to be seen by a caller.
    ///
    /// - Parameters:
    ///   - competencies: identifiers of CASE items.
    ///   - interval: of their beginnings; half-open.
    func offerings(
        of board: String, for competencies: [String], beginningIn interval: Interval, to caller: Caller,
        in db: some Queryable
    ) throws -> [Offering]
}

/// One thing that helps people to learn.
public struct Offering: Sendable, Equatable {
    /// The name of its resource.
    public var name: String
    public var title: TextByLanguage
    /// The identifiers of the competencies that one learns in it.
    public var competencies: Set<String>
    public var start: Timestamp

    public init(name: String, title: TextByLanguage, competencies: Set<String>, start: Timestamp) {
        (self.name, self.title, self.competencies, self.start) = (name, title, competencies, start)
    }
}

/// What a board's people learn: the directory module fulfils it for all others.
public protocol CompetencyCatalog: Sendable {
    /// What a competency of a framework in use is called in all versions of it: the identifier of its CASE item.
    ///
    /// - Parameter name: "boards/…/frameworks/…/competencies/…".
    /// - Returns: nil if the board has no such competency, or its framework is not published.
    func identifier(of name: String, board: String, in db: some Queryable) throws -> String?
}
