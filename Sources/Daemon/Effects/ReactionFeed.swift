import ModuleKit
import Store

/// Which reactions have events before them, found by reading each row of the log once for all of them.
///
/// So a commit costs a reaction that none of its events concerns no write: its cursor follows in large steps.
struct ReactionFeed {
    /// How many rows one step reads: it runs on a loop that serves calls too.
    private static let rowsPerStep = 500
    /// How far a cursor may stay behind what was looked at: what is looked at again after a restart.
    private static let strideMax: Int64 = 10_000

    private struct Place {
        /// Up to here no event that is not done with concerns the reaction.
        var seen: Int64
        /// Whether the event behind `seen` does.
        var isPending: Bool
        /// What its row says.
        var cursor: Int64
    }

    private let types: [String: Set<String>]
    private var places: [String: Place] = [:]

    /// - Parameter types: of events, by reaction.
    init(types: [String: Set<String>]) { self.types = types }

    /// Takes over where the reactions stand now.
    mutating func update(_ rows: [ReactionTable.Entry]) {
        for row in rows where types[row.name] != nil {
            if let place = places[row.name], place.seen >= row.cursor {
                places[row.name]?.cursor = row.cursor
            } else {
                places[row.name] = Place(seen: row.cursor, isPending: false, cursor: row.cursor)
            }
        }
    }

    /// A reaction is done with all up to `cursor`; `isBehind`: there may be more for it.
    mutating func moved(_ name: String, to cursor: Int64, isBehind: Bool) {
        places[name] = Place(seen: cursor, isPending: isBehind, cursor: cursor)
    }

    /// Looks at the next rows of the log.
    ///
    /// - Returns: whether it saw the last one.
    mutating func step(in db: some Queryable) throws -> Bool {
        guard let from = places.values.filter({ !$0.isPending }).map(\.seen).min() else { return true }
        let rows = try LoggedEvents.types(after: from, limit: Self.rowsPerStep, in: db)
        guard let last = rows.last else { return true }
        for (name, types) in types {
            guard let place = places[name], !place.isPending, place.seen < last.sequence else { continue }
            let first = rows.first { $0.sequence > place.seen && types.contains($0.type) }
            places[name]?.isPending = first != nil
            places[name]?.seen = first.map { $0.sequence - 1 } ?? last.sequence
        }
        return rows.count < Self.rowsPerStep
    }

    /// Behind which event a reaction has something to do; nil if it has nothing to do.
    func pending(_ name: String) -> Int64? {
        guard let place = places[name], place.isPending || place.seen - place.cursor > Self.strideMax else {
            return nil
        }
        return place.seen
    }
}
