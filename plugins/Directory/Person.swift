import DirectoryAPI
import ModuleKit

/// A member of the staff (membre du personnel).
struct Person: Sendable {
    enum State: String, ColumnValue {
        /// Known from a roster or by the operator, not yet signed in.
        case invited = "INVITED"
        case active = "ACTIVE"
        /// Kept out for a time.
        case suspended = "SUSPENDED"
        /// Not in the last roster.
        case left = "LEFT"
        /// Nothing personal is left.
        case erased = "ERASED"

        /// Whether the person works for the board.
        var isStaff: Bool {
            switch self {
            case .invited, .active, .suspended: true
            case .left, .erased: false
            }
        }

        /// Whether the person may sign in.
        var mayComeIn: Bool {
            switch self {
            case .invited, .active: true
            case .suspended, .left, .erased: false
            }
        }
    }

    let name: PersonName
    /// What the roster calls the person; nil for a founding lead whom no roster has named yet.
    var sourceID: String?
    var details: Details
    var state: State
    let createdAt: Timestamp
    /// Goes on with each change of what is above.
    var revision: Int64 = 1

    var etag: Etag { Etag(revision: revision) }

    /// What a roster says of a person.
    struct Details: Sendable {
        var givenName: String
        var familyName: String
        /// The given name that the person prefers; empty if it is the given one.
        var preferredName: String
        var username: String
        /// Empty if there is none.
        var email: String
        /// Language tags, the preferred one first.
        var languages: [String]
        /// The board's word for the person's work.
        var staffRole: String
        /// Where the person stands in a list: by family name, then given name, as fr-CA orders them.
        let sortKey: [UInt8]
    }
}

extension Person.Details {
    init(
        givenName: String, familyName: String, preferredName: String = "", username: String = "", email: String,
        languages: [String] = [], staffRole: String = ""
    ) {
        self.init(
            givenName: givenName, familyName: familyName, preferredName: preferredName, username: username,
            email: email, languages: languages, staffRole: staffRole,
            sortKey: Self.sortKey(family: familyName, given: givenName))
    }

    static func sortKey(family: String, given: String) -> [UInt8] { SortKey.make([family, given]) }

    /// Given and family name as the person writes them.
    var displayName: String {
        [preferredName.isEmpty ? givenName : preferredName, familyName].filter { !$0.isEmpty }.joined(separator: " ")
    }

    var emailKey: String? { email.isEmpty ? nil : Self.emailKey(email) }

    /// For comparing addresses: those that differ in ASCII case only are one.
    static func emailKey(_ email: String) -> String {
        String(decoding: email.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Whether all is the same, byte for byte: Swift's `==` takes the two ways to write é for one, a name does not.
    func isIdentical(to other: Self) -> Bool {
        zip(texts, other.texts).allSatisfy { $0.utf8.elementsEqual($1.utf8) } && languages == other.languages
    }

    private var texts: [String] { [givenName, familyName, preferredName, username, email, staffRole] }
}

extension Person {
    /// Whether what it is found by differs, but for the name.
    func isFound(otherThan before: Person) -> Bool {
        sourceID != before.sourceID || state != before.state || details.emailKey != before.details.emailKey
    }

    /// What the search index holds: the names, and each, and each part of a double one, in one word too, for who types
    /// "ndiaye" or "evemarie".
    ///
    /// The board's id is one of the words, so that a search within a board is one look-up.
    var searchText: String {
        let names = [details.givenName, details.familyName, details.preferredName].filter { !$0.isEmpty }
        let parts = names.flatMap { name in [name[...]] + name.split { $0 == "-" || $0 == " " } }
        let joined = parts.map { $0.filter(\.isLetter) }.filter { !names.contains($0) }
        return ([name.board] + names + joined).joined(separator: " ")
    }
}
