import DirectoryAPI
import ModuleKit

/// A board, a school or another site. A board is an org of itself: its id is that of its board.
struct Org: Equatable, Sendable {
    enum Kind: String, ColumnValue { case board = "BOARD", school = "SCHOOL", site = "SITE" }

    let name: OrgName
    /// The id of the org above it; nil for a board.
    var parent: String?
    /// What the roster calls it; unique in its board.
    let sourceID: String
    var kind: Kind
    var title: String
    /// IANA.
    var zone: String
    var locality = ""
    var isRemote = false
    /// Whether the last import knew it.
    var isActive = true
    var revision: Int64 = 1
    let createdAt: Timestamp

    /// The zone of an org that no roster gave one, and whose board has none either.
    static let standardZone = "America/Toronto"

    /// Where it stands in a list by name.
    var sortKey: [UInt8] { Self.sortKey(of: title) }

    static func sortKey(of title: String) -> [UInt8] { SortKey.make(title) }

    /// A board of which nothing is known yet but what its roster will call it.
    static func board(id: String, sourceID: String, at now: Timestamp) -> Org {
        Org(
            name: OrgName(board: id, org: id), parent: nil, sourceID: sourceID, kind: .board, title: sourceID,
            zone: standardZone, createdAt: now)
    }
}
