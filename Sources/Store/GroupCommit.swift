/// The decisions about one group of write bodies: when it ends, who is told what, who is run again.
///
/// Pure: it knows no database and no clock. The writer runs bodies and reports here what came of each.
struct GroupCommit<Body, Answer> {
    struct Limits: Sendable {
        var bodies: Int
        var bytes: Int
        var nanoseconds: UInt64
    }

    private let limits: Limits
    private let beganAt: UInt64
    private var ran: [(body: Body, answer: Answer)] = []
    private var byteCount = 0

    init(limits: Limits, beganAt: UInt64) { (self.limits, self.beganAt) = (limits, beganAt) }

    var bodyCount: Int { ran.count }

    /// Whether one more body may join, as far as the limits say; the first one always may, whatever they are.
    func hasRoom(at now: UInt64) -> Bool {
        ran.isEmpty
            || ran.count < limits.bodies && byteCount < limits.bytes && now &- beganAt < limits.nanoseconds
    }

    /// `body` was run and either kept or rolled back alone; `answer` waits for the group's outcome in both cases: a
    /// refusal may rest on what another body of the group has written.
    mutating func add(_ body: Body, _ answer: Answer, byteCount: Int) {
        ran.append((body, answer))
        self.byteCount += byteCount
    }

    /// The transaction is gone, by the fault of a body that was not added: all others, in order, are run again. They
    /// form a group of their own, so that a row of guilty bodies costs each innocent one repetition, not one each.
    consuming func abandon() -> [Body] { ran.map(\.body) }

    /// COMMIT has returned.
    consuming func committed() -> [(body: Body, answer: Answer)] { ran }
}
