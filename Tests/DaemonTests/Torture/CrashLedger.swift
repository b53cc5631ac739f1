import Threading
import WorkshopsAPI

/// What the callers of a daemon that is killed over and over know: what was acknowledged, and what they asked for
/// without learning what became of it.
final class CrashLedger: Sendable {
    /// One person's place in one workshop: each has at most one call open at a time.
    struct Key: Hashable, Sendable {
        var person: String
        var workshop: String
    }

    struct Known: Sendable {
        var key: Key
        /// Told to have a place: nobody loses one, but by withdrawing.
        var isSeated: Bool
        var isWithdrawn = false
    }

    enum Asked: Equatable, Sendable { case register, withdraw(String) }

    /// A call and its idempotency key.
    struct Call: Sendable {
        var key: Key
        var asked: Asked
        var id: String
    }

    private struct State {
        var known: [String: Known] = [:]
        /// The registration that holds a place or a turn.
        var held: [Key: String] = [:]
        var asked: [Key: Call] = [:]
        var askCount = 0
        var ackCount = 0
    }

    private let state = Lock(State())

    /// All acknowledged calls so far.
    var ackCount: Int { state.withLock { $0.ackCount } }

    /// What to ask next, and that it is asked: who holds something gives it back, who does not joins.
    func ask(_ key: Key) -> Call {
        state.withLock { state in
            state.askCount += 1
            let asked = state.held[key].map { Asked.withdraw($0) } ?? .register
            let call = Call(key: key, asked: asked, id: "call-\(state.askCount)")
            state.asked[key] = call
            return call
        }
    }

    /// The calls that nobody knows the end of, in the order of their asking.
    var unanswered: [Call] { state.withLock { $0.asked.values.sorted { ($0.id.count, $0.id) < ($1.id.count, $1.id) } } }

    /// - Returns: how many acknowledgements there were with this one.
    func acknowledged(_ key: Key, _ registration: CordeeWorkshops_Registration) -> Int {
        state.withLock { state in
            state.asked[key] = nil
            let isWithdrawn = registration.state == .withdrawn
            let isSeated = registration.state == .confirmed
            var known = state.known[registration.name] ?? Known(key: key, isSeated: isSeated)
            known.isWithdrawn = isWithdrawn
            state.known[registration.name] = known
            state.held[key] = isWithdrawn ? nil : registration.name
            state.ackCount += 1
            return state.ackCount
        }
    }

    /// Compares with what is there after a restart, and takes over what became of the calls that were open.
    ///
    /// - Parameter rows: all registrations of the workshop, the ended ones too.
    /// - Returns: what should not be, in words; empty if all is well.
    func reconcile(_ workshop: String, with rows: [CordeeWorkshops_Registration]) -> [String] {
        state.withLock { state in
            var wrong: [String] = []
            let byName = Dictionary(rows.map { ($0.name, $0) }) { first, _ in
                wrong.append("\(first.name) is there twice")
                return first
            }
            for (name, known) in state.known where known.key.workshop == workshop {
                guard let row = byName[name] else {
                    wrong.append("\(name), acknowledged, is gone")
                    continue
                }
                wrong += Self.settle(known, with: row, &state)
            }
            for row in rows where state.known[row.name] == nil { wrong += Self.adopt(row, workshop, &state) }
            for key in state.asked.keys where key.workshop == workshop { state.asked[key] = nil }
            return wrong
        }
    }

    /// A registration that its caller knows: it is as acknowledged, or one open call further.
    private static func settle(
        _ known: Known, with row: CordeeWorkshops_Registration, _ state: inout State
    ) -> [String] {
        let isWithdrawn = row.state == .withdrawn
        var known = known
        guard row.person == known.key.person else { return ["\(row.name) is another person's"] }
        if known.isWithdrawn { return isWithdrawn ? [] : ["\(row.name), withdrawn, is \(row.state)"] }
        if isWithdrawn {
            guard state.asked[known.key]?.asked == .withdraw(row.name) else {
                return ["\(row.name) withdrew by itself"]
            }
            known.isWithdrawn = true
            state.held[known.key] = nil
        } else if known.isSeated, row.state != .confirmed {
            return ["\(row.name) had a place and is \(row.state)"]
        }
        known.isSeated = row.state == .confirmed
        state.known[row.name] = known
        return []
    }

    /// A registration that nobody was told of: one that was asked for, and only one.
    private static func adopt(
        _ row: CordeeWorkshops_Registration, _ workshop: String, _ state: inout State
    ) -> [String] {
        let key = Key(person: row.person, workshop: workshop)
        guard state.asked[key]?.asked == .register else { return ["\(row.name) was made twice, or by nobody"] }
        state.asked[key] = nil
        guard row.state != .withdrawn else { return ["\(row.name) was made and withdrew by itself"] }
        state.known[row.name] = Known(key: key, isSeated: row.state == .confirmed)
        state.held[key] = row.name
        return []
    }
}
