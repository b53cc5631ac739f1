import TestKit

/// A workshop for people of one board, none of them of a remote school, whose calls come one after the other: DOMAIN
/// §2(f) written down a second time, from the text, so that it does not share the module's mistakes.
struct SequentialWorkshop: SequentialModel {
    var capacity: Int
    var waitingMax: Int

    /// One registration that sits or waits.
    struct Holder: Hashable {
        var registration: String
        var person: String
        var isSeated: Bool
    }

    struct State: Hashable {
        var capacity: Int
        /// In the order of joining.
        var holders: [Holder] = []

        var seatedCount: Int { holders.count { $0.isSeated } }
        var waiting: [String] { holders.filter { !$0.isSeated }.map(\.registration) }

        /// Seats those who have waited longest, as long as there is room.
        mutating func fill() -> Int {
            var moved = 0
            while seatedCount < capacity, let first = holders.firstIndex(where: { !$0.isSeated }) {
                holders[first].isSeated = true
                moved += 1
            }
            return moved
        }
    }

    /// A registration as a read tells it; rank 0 sits.
    struct Seen: Hashable, Sendable {
        var registration: String
        var rank: Int
    }

    /// A call; its answer is nil if the caller never got it.
    enum Call: Hashable, Sendable {
        case register(person: String, Registering?)
        /// How many moved up; nil in the answer if the registration had ended.
        case withdraw(registration: String, Answer<Int?>?)
        case setCapacity(Int, promoted: Int?)
        case counts(capacity: Int, seated: Int, waiting: Int)
        case list([Seen])

        struct Answer<Value: Hashable & Sendable>: Hashable, Sendable {
            var value: Value
            init(_ value: Value) { self.value = value }
        }
    }

    enum Registering: Hashable, Sendable {
        /// Rank 0 sits.
        case registered(String, rank: Int)
        case already
        case full
    }

    var initial: State { State(capacity: capacity) }

    func isIdle(_ call: Call) -> Bool {
        switch call {
        case .register(_, .already), .register(_, .full), .counts, .list: true
        case .withdraw(_, let answer): answer == Call.Answer(nil)
        // The same number as before changes nothing now, but it might later.
        case .register, .setCapacity: false
        }
    }

    func state(after call: Call, in state: State) -> State? {
        switch call {
        case .register(let person, let answer): registered(person, answer, in: state)
        case .withdraw(let registration, let answer): withdrawn(registration, answer, in: state)
        case .setCapacity(let capacity, let promoted): withCapacity(capacity, promoted, in: state)
        case .counts(let capacity, let seated, let waiting):
            capacity == state.capacity && seated == state.seatedCount && waiting == state.waiting.count ? state : nil
        case .list(let seen):
            seen == state.holders.map { Seen(registration: $0.registration, rank: rank(of: $0, in: state)) }
                ? state : nil
        }
    }

    private func rank(of holder: Holder, in state: State) -> Int {
        state.waiting.firstIndex(of: holder.registration).map { $0 + 1 } ?? 0
    }

    private func registered(_ person: String, _ answer: Registering?, in state: State) -> State? {
        var after = state
        // Who never learnt the name of the registration cannot withdraw it.
        var name = "unnamed of \(person)"
        if case .registered(let registration, _) = answer { name = registration }
        let expected: Registering
        if state.holders.contains(where: { $0.person == person }) {
            expected = .already
        } else if state.seatedCount < state.capacity {
            after.holders.append(Holder(registration: name, person: person, isSeated: true))
            expected = .registered(name, rank: 0)
        } else if state.waiting.count < waitingMax {
            after.holders.append(Holder(registration: name, person: person, isSeated: false))
            expected = .registered(name, rank: state.waiting.count + 1)
        } else {
            expected = .full
        }
        return answer.map { $0 == expected } ?? true ? after : nil
    }

    private func withdrawn(_ registration: String, _ answer: Call.Answer<Int?>?, in state: State) -> State? {
        var after = state
        var expected: Int?
        if let index = after.holders.firstIndex(where: { $0.registration == registration }) {
            after.holders.remove(at: index)
            expected = after.fill()
        }
        return answer.map { $0.value == expected } ?? true ? after : nil
    }

    private func withCapacity(_ capacity: Int, _ promoted: Int?, in state: State) -> State? {
        var after = state
        after.capacity = capacity
        let moved = after.fill()
        return promoted.map { $0 == moved } ?? true ? after : nil
    }
}
