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
        /// A program of one board, by the id of its key.
        case service(id: String, board: String)
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
        let methods: Set<String>?

        init(
            _ kind: Kind, _ roles: [HeldRole], _ displayName: String, _ credential: Credential, _ end: Timestamp,
            _ methods: Set<String>?
        ) {
            (self.kind, self.roles, self.displayName, self.credential) = (kind, roles, displayName, credential)
            (validUntil, self.methods) = (end, methods)
        }
    }

    private var facts: Facts

    public var kind: Kind { facts.kind }
    /// The roles that hold at the instant the caller was looked up, `STAFF` of each of their boards among them.
    public var roles: [HeldRole] { facts.roles }
    /// The name to show.
    public var displayName: String { facts.displayName }
    /// The paths of the only methods that the caller may call; nil for all that the roles let in to.
    public var methods: Set<String>? { facts.methods }
    public var credential: Credential {
        get { facts.credential }
        set { facts = Facts(kind, roles, displayName, newValue, validUntil, methods) }
    }
    /// Until when all this holds: the earliest end, or beginning, of a grant or of the token.
    public var validUntil: Timestamp {
        get { facts.validUntil }
        set { facts = Facts(kind, roles, displayName, credential, newValue, methods) }
    }

    public static let nobody = Caller(.nobody, roles: [], displayName: "")
    public static let `operator` = Caller(.operator, roles: [], displayName: "operator")

    /// - Parameter methods: the paths of the only methods that the caller may call; nil for all that the roles let in to.
    public init(_ kind: Kind, roles: [HeldRole], displayName: String, methods: Set<String>? = nil) {
        facts = Facts(kind, roles, displayName, .peer, .max, methods)
    }

    public static func == (left: Caller, right: Caller) -> Bool {
        left.facts === right.facts
            || left.kind == right.kind && left.roles == right.roles && left.displayName == right.displayName
                && left.credential == right.credential && left.validUntil == right.validUntil
                && left.methods == right.methods
    }

    /// The person's id; nil for the operator and for nobody.
    public var person: String? {
        if case .person(let id, _) = kind { id } else { nil }
    }

    /// The board of the person, or of the program.
    public var homeBoard: String? {
        switch kind {
        case .person(_, let board), .service(_, let board): board
        case .operator, .nobody: nil
        }
    }

    /// Who it is, for the log of events and the record of who saw what: a person's id, or "serviceKeys/" and a
    /// program's; nil for the operator and for nobody.
    public var principal: String? {
        switch kind {
        case .person(let id, _): id
        case .service(let id, _): "serviceKeys/\(id)"
        case .operator, .nobody: nil
        }
    }

    /// Whether the caller holds the role over the whole board.
    public func holds(_ role: Role, over board: String) -> Bool {
        roles.contains { $0.role == role && $0.board == board && $0.org == nil }
    }
}
