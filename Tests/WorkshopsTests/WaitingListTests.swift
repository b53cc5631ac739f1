import TestKit
import Testing

@testable import WorkshopsModule

@Suite("The waiting list")
struct WaitingListTests {
    @Test(
        "does what the recorded trace says at each step",
        arguments: ["fifo-basic", "remote-reserve", "leave-the-middle", "queue-full"])
    func trace(id: String) throws {
        let trace = try WaitlistTrace.named(id)
        var list = WaitingList<String>(
            seats: Seats(capacity: trace.settings.cap, reserve: trace.settings.reserved ?? 0),
            waitingMax: trace.settings.wl ?? Workshop.standardWaitingMax)
        for (number, step) in trace.steps.enumerated() {
            #expect(play(step, of: trace, on: &list) == step.result, "step \(number)")
            #expect(list.seated.map(\.person) == step.confirmed, "step \(number)")
            #expect(list.waiting.map(\.person) == step.waiting, "step \(number)")
        }
    }

    /// The words of the traces for what comes of a step.
    private func play(_ step: WaitlistTrace.Step, of trace: WaitlistTrace, on list: inout WaitingList<String>) -> String
    {
        switch (step.op, step.person, step.number) {
        case ("reg", let person?, _):
            switch list.join(person, isRemote: trace.remote.contains(person)) {
            case .confirmed: return "CONFIRMED"
            case .waitlisted(let rank): return "WAITLISTED#\(rank)"
            case .alreadyThere: return "ALREADY_EXISTS"
            case .full: return "RESOURCE_EXHAUSTED"
            }
        case ("cancel", let person?, _): return list.leave(person) ? "CANCELLED" : "NOT_FOUND"
        case ("setcap", _, let capacity?):
            list.setCapacity(capacity)
            return "OK"
        case ("setres", _, let reserve?):
            list.setReserve(reserve)
            return "OK"
        default: return "unknown step \(step.op)"
        }
    }

    @Test("agrees with a brute force on any moves", arguments: UInt64(0)..<200)
    func agreesWithBruteForce(seed: UInt64) {
        var random = Random(seed: seed)
        let capacity = Int.random(in: 1...6, using: &random)
        let reserve = Int.random(in: 0...capacity, using: &random)
        let waitingMax = Int.random(in: 0...5, using: &random)
        var list = WaitingList<Int>(seats: Seats(capacity: capacity, reserve: reserve), waitingMax: waitingMax)
        var brute = BruteForce(capacity: capacity, reserve: reserve, waitingMax: waitingMax)
        for move in 0..<60 {
            let person = Int.random(in: 0..<12, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let expected = brute.join(person)
                #expect(list.join(person, isRemote: BruteForce.isRemote(person)) == expected, "move \(move)")
            case 5..<8: #expect(list.leave(person) == brute.leave(person), "move \(move)")
            case 8:
                let capacity = Int.random(in: 1...8, using: &random)
                list.setCapacity(capacity)
                brute.setCapacity(capacity)
            default:
                list.setReserve(0)
                brute.setReserve(0)
            }
            #expect(Set(list.seated.map(\.person)) == brute.seated, "move \(move)")
            #expect(list.waiting.map(\.person) == brute.queue, "move \(move)")
            #expect(list.seats.taken == brute.seated.count, "move \(move)")
            #expect(list.seats.takenByRemote == brute.seated.filter(BruteForce.isRemote).count, "move \(move)")
        }
    }
}

/// The rule of DOMAIN §2(f) said another way: after each move, walk through the queue from its head and seat the first
/// who may sit, until a whole walk seats nobody. A place that is kept is counted as somebody's from a remote school.
private struct BruteForce {
    var capacity: Int
    var reserve: Int
    let waitingMax: Int
    var seated: Set<Int> = []
    var queue: [Int] = []

    static func isRemote(_ person: Int) -> Bool { person % 3 == 0 }

    mutating func join(_ person: Int) -> WaitingList<Int>.Joining {
        if seated.contains(person) || queue.contains(person) { return .alreadyThere }
        queue.append(person)
        settle()
        if seated.contains(person) { return .confirmed }
        if queue.count > waitingMax {
            queue.removeLast()
            return .full
        }
        return .waitlisted(rank: queue.count)
    }

    mutating func leave(_ person: Int) -> Bool {
        guard seated.remove(person) != nil || queue.contains(person) else { return false }
        queue.removeAll { $0 == person }
        settle()
        return true
    }

    mutating func setCapacity(_ capacity: Int) {
        self.capacity = capacity
        settle()
    }

    mutating func setReserve(_ reserve: Int) {
        self.reserve = reserve
        settle()
    }

    private mutating func settle() {
        while let index = queue.firstIndex(where: maySit) { seated.insert(queue.remove(at: index)) }
    }

    private func maySit(_ person: Int) -> Bool {
        let remote = seated.filter(Self.isRemote).count
        let others = seated.count - remote
        // Somebody from elsewhere sits only where no kept place is needed: the kept ones count as taken.
        return Self.isRemote(person) ? seated.count < capacity : others + max(remote, reserve) < capacity
    }
}
