/// Who lies below whom. Built from rows that may be wrong: it may hold cycles, and parents that do not exist.
///
/// Each walk goes over a node once, so that a chain or a ring of all rows of a large file costs no more than the file.
struct OrgTree: Equatable, Sendable {
    /// Where the way up from a node ends.
    enum Top: Equatable, Sendable {
        /// At the first board on it.
        case board(String)
        /// At an organisation without a parent, with no board on the way.
        case root
        /// Nowhere: in a cycle, or at a parent that does not exist. Either is a fault that is told for itself.
        case lost
    }

    private struct Node {
        var isBoard: Bool
        var parentID: String?
    }

    private let tops: [String: Top]
    /// The ids that lie on a cycle, each cycle as one list.
    let cycles: [[String]]

    init(orgs: [Roster.Org], known: KnownRoster) {
        var nodes: [String: Node] = [:]
        for (id, org) in known.orgs { nodes[id] = Node(isBoard: org.type == .district, parentID: org.parentID) }
        for org in orgs { nodes[org.sourcedID] = Node(isBoard: org.type == .district, parentID: org.parentID) }
        tops = Self.tops(of: nodes)
        cycles = Self.cycles(of: nodes)
    }

    /// Nil when there is no such organisation.
    func top(of id: String) -> Top? { tops[id] }

    func board(of id: String) -> String? {
        guard case .board(let board) = tops[id] else { return nil }
        return board
    }

    private static func tops(of nodes: [String: Node]) -> [String: Top] {
        var tops: [String: Top] = [:]
        for start in nodes.keys where tops[start] == nil {
            var path: [String] = []
            var top = Top.lost
            var next = start
            while true {
                if let found = tops[next] {
                    top = found
                    break
                }
                guard let node = nodes[next] else { break }
                path.append(next)
                // Lost until another end is found: the walk stops here when it comes back to its own track.
                tops[next] = .lost
                if node.isBoard {
                    top = .board(next)
                    break
                }
                guard let parent = node.parentID else {
                    top = .root
                    break
                }
                next = parent
            }
            for id in path { tops[id] = top }
        }
        return tops
    }

    private static func cycles(of nodes: [String: Node]) -> [[String]] {
        var cycles: [[String]] = []
        var walkOf: [String: String] = [:]
        for start in nodes.keys {
            var next: String? = start
            while let id = next, let node = nodes[id], walkOf[id] == nil {
                walkOf[id] = start
                next = node.parentID
            }
            // Back on this very walk's own track: the track from there on is a cycle.
            guard let first = next, walkOf[first] == start else { continue }
            var members = [first]
            while let parent = members.last.flatMap({ nodes[$0]?.parentID }), parent != first { members.append(parent) }
            cycles.append(members)
        }
        return cycles
    }
}
