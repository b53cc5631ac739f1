import TestKit
import Testing

/// The checker itself: a check that accepts everything would prove nothing.
@Suite("The linearizability check")
struct CheckerTests {
    private typealias Call = SequentialWorkshop.Call
    private typealias Entry = HistoryEntry<Call>

    /// One place, and one may wait.
    private static let workshop = SequentialWorkshop(capacity: 1, waitingMax: 1)

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var history: @Sendable () -> [HistoryEntry<SequentialWorkshop.Call>]
        var testDescription: String { name }

        init(_ name: String, _ history: @escaping @Sendable () -> [HistoryEntry<SequentialWorkshop.Call>]) {
            (self.name, self.history) = (name, history)
        }
    }

    private static func register(_ person: String, _ answer: SequentialWorkshop.Registering?) -> Call {
        .register(person: person, answer)
    }

    private static func seat(_ person: String) -> Call { register(person, .registered("r-\(person)", rank: 0)) }
    private static func wait(_ person: String, _ rank: Int) -> Call {
        register(person, .registered("r-\(person)", rank: rank))
    }
    private static func withdraw(_ person: String, _ promoted: Int?) -> Call {
        .withdraw(registration: "r-\(person)", .init(promoted))
    }
    private static func counts(_ capacity: Int, _ seated: Int, _ waiting: Int) -> Call {
        .counts(capacity: capacity, seated: seated, waiting: waiting)
    }
    private static func at(_ begin: Int, _ end: Int?, _ call: Call) -> Entry { Entry(call, begin: begin, end: end) }

    static let right: [Case] = [
        Case("nothing at all") { [] },
        Case("one after the other") {
            [
                at(1, 2, seat("a")), at(3, 4, wait("b", 1)), at(5, 6, register("c", .full)),
                at(7, 8, register("a", .already)), at(9, 10, withdraw("a", 1)), at(11, 12, withdraw("a", nil)),
                at(13, 14, counts(1, 1, 0)), at(15, 16, .setCapacity(2, promoted: 0)), at(17, 18, seat("c")),
                at(19, 20, .list([.init(registration: "r-b", rank: 0), .init(registration: "r-c", rank: 0)])),
            ]
        },
        Case("two at once, whoever was first") { [at(1, 4, wait("a", 1)), at(2, 3, seat("b"))] },
        Case("a read during a write sees it or not") {
            [at(1, 10, seat("a")), at(2, 3, counts(1, 0, 0)), at(4, 5, counts(1, 1, 0))]
        },
        Case("a lost call that had its effect") { [at(1, nil, register("a", nil)), at(2, 3, wait("b", 1))] },
        Case("a lost call that had its effect later") {
            [at(1, nil, register("a", nil)), at(2, 3, counts(1, 0, 0)), at(4, 5, counts(1, 1, 0))]
        },
        Case("a lost call that never had it") { [at(1, nil, register("a", nil)), at(2, 3, seat("b"))] },
        Case("a lowered capacity takes nobody's place") {
            [
                at(1, 2, .setCapacity(2, promoted: 0)), at(3, 4, seat("a")), at(5, 6, seat("b")),
                at(7, 8, .setCapacity(1, promoted: 0)), at(9, 10, counts(1, 2, 0)), at(11, 12, wait("c", 1)),
                at(13, 14, withdraw("a", 0)), at(15, 16, counts(1, 1, 1)),
            ]
        },
    ]

    static let wrong: [Case] = [
        Case("double seat: two sit on one place") { [at(1, 4, seat("a")), at(2, 3, seat("b"))] },
        Case("lost update: a capacity that was acknowledged is gone") {
            [
                at(1, 2, .setCapacity(5, promoted: 0)), at(3, 4, .setCapacity(7, promoted: 0)),
                at(5, 6, counts(5, 0, 0)),
            ]
        },
        Case("lost update: two took the same rank") {
            [at(1, 2, seat("a")), at(3, 6, wait("b", 1)), at(4, 5, wait("c", 1))]
        },
        Case("stale read: begun after the answer to the write") {
            [at(1, 2, seat("a")), at(3, 4, counts(1, 0, 0))]
        },
        Case("stale read: a later read sees less than an earlier one") {
            [at(1, 10, seat("a")), at(2, 3, counts(1, 1, 0)), at(4, 5, counts(1, 0, 0))]
        },
        Case("reordered: whoever had the answer first waits behind who asked later") {
            [at(1, 2, wait("a", 1)), at(3, 4, seat("b"))]
        },
        Case("reordered: the list tells another order than the ranks") {
            [
                at(1, 2, .setCapacity(2, promoted: 0)), at(3, 4, seat("a")), at(5, 6, seat("b")),
                at(7, 8, .list([.init(registration: "r-b", rank: 0), .init(registration: "r-a", rank: 0)])),
            ]
        },
        Case("a place came free and nobody moved up") {
            [at(1, 2, seat("a")), at(3, 4, wait("b", 1)), at(5, 6, withdraw("a", 0))]
        },
        Case("two moved up to one place") {
            [at(1, 2, seat("a")), at(3, 4, wait("b", 1)), at(5, 8, withdraw("a", 1)), at(6, 7, withdraw("a", 1))]
        },
        Case("an effect without a call") { [at(1, 2, counts(1, 1, 0))] },
        Case("a lost call that had its effect before it was made") {
            [at(1, 2, counts(1, 1, 0)), at(3, nil, register("a", nil))]
        },
        Case("a lost call that had its effect twice") {
            [
                at(1, nil, register("a", nil)), at(2, 3, .setCapacity(3, promoted: 0)), at(4, 5, counts(3, 1, 0)),
                at(6, 7, counts(3, 2, 0)),
            ]
        },
        Case("an acknowledged registration is gone") {
            [at(1, 2, seat("a")), at(3, 4, register("a", .already)), at(5, 6, .list([]))]
        },
    ]

    @Test("accepts what can be put in order", arguments: right)
    func accepts(_ example: Case) {
        #expect(LinearizabilityCheck.verdict(of: example.history(), by: Self.workshop) == .linearizable)
        // The order in which a history is written down means nothing.
        let reversed = Array(example.history().reversed())
        #expect(LinearizabilityCheck.verdict(of: reversed, by: Self.workshop) == .linearizable)
    }

    @Test("refuses what cannot", arguments: wrong)
    func refuses(_ example: Case) {
        #expect(LinearizabilityCheck.verdict(of: example.history(), by: Self.workshop) != .linearizable)
        let reversed = Array(example.history().reversed())
        #expect(LinearizabilityCheck.verdict(of: reversed, by: Self.workshop) != .linearizable)
    }

    @Test("says which calls did not fit")
    func says() {
        let history = [Self.at(1, 2, Self.seat("a")), Self.at(3, 4, Self.counts(1, 0, 0))]
        #expect(
            LinearizabilityCheck.verdict(of: history, by: Self.workshop) == .impossible(longest: [0], stuckAt: [1]))
    }

    @Test("finds in short random histories what trying all orders finds", arguments: UInt64(0)..<400)
    func agreesWithBruteForce(seed: UInt64) {
        var random = Random(seed: seed)
        let history = Self.randomHistory(count: 6, using: &random)
        let verdict = LinearizabilityCheck.verdict(of: history, by: Self.workshop)
        #expect((verdict == .linearizable) == Self.hasOrder(history, in: Self.workshop.initial))
    }

    @Test("the random histories are of both kinds")
    func bothKinds() {
        let verdicts = (UInt64(0)..<400).map { seed in
            var random = Random(seed: seed)
            return LinearizabilityCheck.verdict(
                of: Self.randomHistory(count: 6, using: &random), by: Self.workshop) == .linearizable
        }
        #expect(verdicts.count { $0 } > 40)
        #expect(verdicts.count { !$0 } > 40)
    }

    /// Calls with answers that the model gives in some order, in intervals that may contradict it; some of them lost.
    private static func randomHistory(count: Int, using random: inout Random) -> [Entry] {
        var state = workshop.initial
        return (0..<count).map { index in
            let calls = answers(random.next(upperBound: 6 as UInt64))
            let call = calls.first { workshop.state(after: $0, in: state) != nil } ?? counts(0, 0, 0)
            state = workshop.state(after: call, in: state) ?? state
            let begin = index * 10 - Int(random.next(upperBound: 18 as UInt64))
            let end = begin + 1 + Int(random.next(upperBound: 24 as UInt64))
            let isLost = random.next(upperBound: 8 as UInt64) == 0
            return at(begin, isLost ? nil : end, isLost ? withoutAnswer(call) : call)
        }
    }

    /// All answers that a call could get; the first that the model gives is taken.
    private static func answers(_ kind: UInt64) -> [Call] {
        let person = kind == 0 ? "a" : "b"
        switch kind {
        case 0, 1: return [seat(person), wait(person, 1), register(person, .already), register(person, .full)]
        case 2: return [withdraw("a", 0), withdraw("a", 1), withdraw("a", nil)]
        case 3: return (0...2).flatMap { seated in (0...1).map { counts(1, seated, $0) } }
        default: return (0...1).map { .setCapacity(Int(kind) - 3, promoted: $0) }
        }
    }

    private static func withoutAnswer(_ call: Call) -> Call {
        switch call {
        case .register(let person, _): .register(person: person, nil)
        case .withdraw(let registration, _): .withdraw(registration: registration, nil)
        default: call
        }
    }

    /// Tries everything: any call that no other one must precede, and for lost ones also that they never happened.
    private static func hasOrder(_ left: [Entry], in state: SequentialWorkshop.State) -> Bool {
        if left.allSatisfy({ $0.end == nil }) { return true }
        return left.indices.contains { index in
            let entry = left[index]
            guard left.allSatisfy({ ($0.end ?? .max) >= entry.begin }) else { return false }
            guard let after = workshop.state(after: entry.call, in: state) else { return false }
            var rest = left
            rest.remove(at: index)
            return hasOrder(rest, in: after)
        }
    }
}
