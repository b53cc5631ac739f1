public import Calendar
public import CordeeAPI

/// The roles of grants, as the protos name them.
public typealias Role = CordeeAPI_Role

/// Who calls: known once per token and connection, looked at by every call.
public struct Caller: Sendable, Hashable {
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

    public let kind: Kind
    /// The roles that hold at the instant the caller was looked up, `STAFF` of each of their boards among them.
    public let roles: [HeldRole]
    /// The name to show.
    public let displayName: String
    public var credential = Credential.peer
    /// Until when all this holds: the earliest end, or beginning, of a grant or of the token.
    public var validUntil = Timestamp.max

    public static let nobody = Caller(.nobody, roles: [], displayName: "")
    public static let `operator` = Caller(.operator, roles: [], displayName: "operator")

    public init(_ kind: Kind, roles: [HeldRole], displayName: String) {
        self.kind = kind
        self.roles = roles
        self.displayName = displayName
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
