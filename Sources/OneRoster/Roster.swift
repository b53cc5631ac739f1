public import Calendar

/// What a set of OneRoster files says: organisations, people and their places, each with the line it comes from.
///
/// Texts are kept byte for byte. What Cordée does not need (passwords, telephone numbers, grades, agents) is not kept.
public struct Roster: Equatable, Sendable {
    public var version: OneRosterVersion
    public var mode: RosterMode
    /// In the order of `orgs.csv`.
    public var orgs: [Org]
    /// In the order of `users.csv`.
    public var users: [User]
    /// Of a delta in 1.2: the rows of `roles.csv` in their order. In bulk they are the users' `assignments`.
    public var roleChanges: [RoleChange] = []

    /// A board, a school or another organisation: a row of `orgs.csv`.
    public struct Org: Equatable, Sendable {
        public var line: Int
        public var sourcedID: String
        public var name: String
        public var type: OrgType
        public var identifier: String?
        public var parentID: String?
        /// `metadata.cordee.timeZone`, as written: whether there is such a zone is for the caller to find out.
        public var timeZone: String?
        /// `metadata.cordee.remote`; nil when the file does not say.
        public var isRemote: Bool?
        /// `metadata.cordee.locality`.
        public var locality: String?
        /// Of a delta: what it names goes; then nothing but its id need be there.
        public var isDeleted = false
    }

    /// A person: a row of `users.csv`.
    public struct User: Equatable, Sendable {
        public var line: Int
        public var sourcedID: String
        public var isEnabled: Bool
        public var username: String
        public var givenName: String
        public var familyName: String
        public var middleName: String?
        public var preferredGivenName: String?
        public var preferredMiddleName: String?
        public var preferredFamilyName: String?
        public var email: String?
        public var identifier: String?
        /// `metadata.cordee.staffRole`, as written.
        public var staffRole: String?
        /// `metadata.cordee.languages`, separated by `;` there: language tags, the first one preferred.
        public var languages: [String]
        /// The primary one first, the others in the order of the file.
        public var assignments: [Assignment]
        /// Of a delta: the person goes; then nothing but the id need be there.
        public var isDeleted = false

        /// The place that decides which board the person belongs to.
        public var primary: Assignment? { assignments.first { $0.isPrimary } }
    }

    /// One person's place in one organisation: a row of `roles.csv` (1.2), or one of a user's `orgSourcedIds` (1.1).
    public struct Assignment: Equatable, Sendable {
        /// `roles.csv`, or `users.csv` in 1.1.
        public var file: String
        public var line: Int
        /// Nil in 1.1, where places have no id.
        public var sourcedID: String?
        public var orgID: String
        public var role: OneRosterRole
        public var isPrimary: Bool
        public var begin: CivilDate?
        public var end: CivilDate?
        /// `metadata.cordee.share`: the part of a full post, 0 to 1; nil when the file does not say.
        public var share: Double?
        /// `metadata.cordee.secondment`: the place lies in another board on purpose.
        public var isSecondment = false
    }

    /// What a delta says of one place.
    public enum RoleChange: Equatable, Sendable {
        case active(userID: String, Assignment)
        /// The place goes. What the row says beside its id may help to find it.
        case deleted(line: Int, sourcedID: String, userID: String?, orgID: String?, role: String?)
    }

    /// The id of the board (type `district`) that an organisation is or lies below; nil when it has none.
    ///
    /// Parents are followed through the roster first, then through what the reader was told as known.
    public func board(of orgID: String) -> String? { tree.board(of: orgID) }

    let tree: OrgTree
}

/// What the caller has already and the files may refer to: the organisations of an earlier import, by `sourcedId`.
public struct KnownRoster: Sendable {
    public struct Org: Equatable, Sendable {
        public var type: OrgType
        public var parentID: String?

        public init(type: OrgType, parentID: String?) { (self.type, self.parentID) = (type, parentID) }
    }

    public static let empty = KnownRoster(orgs: [:])

    public var orgs: [String: Org]

    public init(orgs: [String: Org]) { self.orgs = orgs }
}
