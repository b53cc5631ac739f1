public import EventLoop

/// How long tests wait for a fact before they fail, and the loop that their clients and timers live on.
public enum Patience {
    /// For everything; generous, since a whole run shares few cores. Nothing that passes takes as long.
    public static let limit = Duration.seconds(60)

    /// Between two looks at a fact that nobody tells.
    private static let step = Duration.milliseconds(20)

    /// A fact did not come true.
    public struct Exhausted: Error, CustomStringConvertible {
        public let fact: String
        public var description: String { "waited \(Patience.limit) in vain: \(fact)" }
    }

    /// One loop for all clients of the test process.
    public static let loop: EventLoop = {
        do { return try EventLoop.start(EventLoop.Options(name: "tests")) } catch {
            preconditionFailure("a test machine has room for a thread: \(error)")
        }
    }()

    /// Looks again and again until there is a value.
    public static func until<Value>(_ fact: String, _ look: () async throws -> Value?) async throws -> Value {
        let end = EventLoop.nanosecondsNow() + UInt64(limit.components.seconds) * 1_000_000_000
        while EventLoop.nanosecondsNow() < end {
            if let value = try await look() { return value }
            await tick()
        }
        throw Exhausted(fact: fact)
    }

    private static func tick() async {
        await withCheckedContinuation { continuation in
            loop.execute { loop.schedule(after: step) { continuation.resume() } }
        }
    }
}
