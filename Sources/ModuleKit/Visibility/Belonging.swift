/// To whom a thing belongs: all that decides who may see it, or do something with it.
///
/// What is not said lets nobody in: a thing that names no person is nobody's own.
public struct Belonging: Sendable, Equatable {
    /// The id of its board.
    public var board: String
    /// The id of the person whose it is: `over: SELF`.
    public var person: String?
    /// The ids of the people who lead it: `over: OWN`.
    public var leaders: [String]
    /// The ids of the schools of the person concerned: `over: SCHOOL`.
    public var orgs: [String]
    /// The ids of the people it was shared with: `over: SHARED`.
    public var sharedWith: [String]
    /// Whether it is open to all staff of its board: `over: OPEN`.
    public var isOpen: Bool

    public init(
        board: String, person: String? = nil, leaders: [String] = [], orgs: [String] = [], sharedWith: [String] = [],
        isOpen: Bool = false
    ) {
        (self.board, self.person, self.leaders, self.orgs) = (board, person, leaders, orgs)
        (self.sharedWith, self.isOpen) = (sharedWith, isOpen)
    }
}
