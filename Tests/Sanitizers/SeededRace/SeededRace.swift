import Threading

/// A race on purpose, which the thread sanitizer must report: else its silence elsewhere means nothing.
///
/// It is made as one of ours would be: a counter that two threads share, in a class that claims to be Sendable, where one
/// place forgets the lock that the others take.
@main
enum SeededRace {
    static func main() throws {
        let calls = Calls()
        let reader = try Thread.start(name: "reader") { for _ in 0..<10_000 { calls.began() } }
        let closer = try Thread.start(name: "closer") { for _ in 0..<10_000 { calls.forgotten() } }
        reader.join()
        closer.join()
        print("open calls: \(calls.openCount)")
    }
}

// Reason: the claim is false, that is the point.
private final class Calls: @unchecked Sendable {
    private let lock = Lock(())
    private var count = 0

    var openCount: Int { lock.withLock { _ in count } }

    func began() { lock.withLock { _ in count += 1 } }

    /// Here the lock is missing.
    func forgotten() { count -= 1 }
}
