public import Calendar
public import Store

/// Who works where and who holds which role: the directory module fulfils it for all others.
///
/// Ids are those of resource names: `boards/{board}/people/{person}`.
public protocol PeopleDirectory: Sendable {
    /// Who a person is to the daemon at an instant; nil if there is no such person or the person may not come in.
    func caller(person: String, at now: Timestamp, in db: some Queryable) throws -> Caller?

    /// A person of a board; nil if there is none, or the person has left.
    func member(_ person: String, of board: String, in db: some Queryable) throws -> StaffMember?

    /// Where a person's record stands, also that of somebody who left or was erased; nil if the board has none.
    func state(of person: String, of board: String, in db: some Queryable) throws -> PersonState?

    /// People who have left and were not erased, of all boards, that come after an id: their retention runs.
    func departed(
        after id: String, limit: Int, in db: some Queryable
    ) throws -> [(id: String, board: String)]

    /// The person with a mail address in one of the boards.
    func member(email: String, in boards: [String], in db: some Queryable) throws -> StaffMember?

    /// A person begins to work with the daemon: whoever was invited is active from then on.
    func signedIn(_ person: String, in call: WriteCall) throws

    /// Makes boards that do not exist yet, and a person who leads them all.
    ///
    /// - Throws: `Status` FAILED_PRECONDITION, reason BOARD_HAS_LEAD, if one of the boards has a lead already.
    func found(boards sourceIDs: [String], lead: FoundingLead, in call: WriteCall) throws -> FoundedBoards
}

/// A member of the staff as other modules need to know them.
public struct StaffMember: Sendable, Hashable {
    public var id: String
    public var board: String
    /// Given and family name as the person writes them.
    public var displayName: String
    /// The schools and sites where the person works, the main one first.
    public var orgs: [String]
    /// Whether the main one lies in a remote region.
    public var isRemote: Bool

    public init(id: String, board: String, displayName: String, orgs: [String], isRemote: Bool) {
        self.id = id
        self.board = board
        self.displayName = displayName
        self.orgs = orgs
        self.isRemote = isRemote
    }

    /// The name of the person's resource.
    public var name: String { "boards/\(board)/people/\(id)" }
}

/// Where a person's record stands in its life.
public enum PersonState: Sendable, Hashable {
    case staff, left, erased
}

/// The first lead of boards that are new to the daemon.
public struct FoundingLead: Sendable {
    public var email: String
    public var givenName: String
    public var familyName: String

    public init(email: String, givenName: String, familyName: String) {
        self.email = email
        self.givenName = givenName
        self.familyName = familyName
    }
}

/// What `PeopleDirectory.found` made: ids, boards in the order that was asked for.
public struct FoundedBoards: Sendable {
    public var boards: [String]
    public var lead: StaffMember

    public init(boards: [String], lead: StaffMember) {
        self.boards = boards
        self.lead = lead
    }
}
