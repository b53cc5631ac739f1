public import Calendar
public import CordeeAPI

/// The roles of grants, as the protos name them.
public typealias Role = CordeeAPI_Role

/// Who calls: known once per token and connection, looked at by every call.
public struct Caller: Sendable, Equatable {
    public enum Kind: Sendable, Hashable {
        /// Reached the socket and said nothing of themselves.
        case nobody
        /// Runs the daemon, known by the user id behind the Unix socket; sees no content.
        case `operator`
        /// A member of the staff of one board.
        case person(id: String, board: String)
    }

    /// How the caller proved who they are.
    public enum Credential: Sendable, Hashable {
        /// The user id behind the socket, or nothing.
        case peer
        /// An access token, by its id.
        case token(String)
        /// A single-use token, by its id: good for making a real one, and for nothing else.
        case bootstrap(String)
    }

    /// A role over a board, or over one school or site of it.
    public struct HeldRole: Sendable, Hashable {
        public var role: Role
        public var board: String
        public var org: String?

        public init(_ role: Role, board: String, org: String? = nil) {
            self.role = role
            self.board = board
            self.org = org
        }
    }

    /// All that is known, behind one reference: every call copies its caller several times, and a reference counted ten
    /// times over (strings, roles) was a fifth of the time of a small call (`make bench`).
    private final class Facts: Sendable {
        let kind: Kind
        let roles: [HeldRole]
        let displayName: String
        let credential: Credential
        let validUntil: Timestamp

        init(_ kind: Kind, _ roles: [HeldRole], _ displayName: String, _ credential: Credential, _ end: Timestamp) {
            (self.kind, self.roles, self.displayName, self.credential) = (kind, roles, displayName, credential)
            validUntil = end
        }
    }

    private var facts: Facts

    public var kind: Kind { facts.kind }
    /// The roles that hold at the instant the caller was looked up, `STAFF` of each of their boards among them.
    public var roles: [HeldRole] { facts.roles }
    /// The name to show.
    public var displayName: String { facts.displayName }
    public var credential: Credential {
        get { facts.credential }
        set { facts = Facts(kind, roles, displayName, newValue, validUntil) }
    }
    /// Until when all this holds: the earliest end, or beginning, of a grant or of the token.
    public var validUntil: Timestamp {
        get { facts.validUntil }
        set { facts = Facts(kind, roles, displayName, credential, newValue) }
    }

    public static let nobody = Caller(.nobody, roles: [], displayName: "")
    public static let `operator` = Caller(.operator, roles: [], displayName: "operator")

    public init(_ kind: Kind, roles: [HeldRole], displayName: String) {
        facts = Facts(kind, roles, displayName, .peer, .max)
    }

    public static func == (left: Caller, right: Caller) -> Bool {
        left.facts === right.facts
            || left.kind == right.kind && left.roles == right.roles && left.displayName == right.displayName
                && left.credential == right.credential && left.validUntil == right.validUntil
    }

    /// The person's id; nil for the operator and for nobody.
    public var person: String? {
        if case .person(let id, _) = kind { id } else { nil }
    }

    /// The person's own board.
    public var homeBoard: String? {
        if case .person(_, let board) = kind { board } else { nil }
    }

    /// Whether the caller holds the role over the whole board.
    public func holds(_ role: Role, over board: String) -> Bool {
        roles.contains { $0.role == role && $0.board == board && $0.org == nil }
    }
}
