#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import EventLoop
import Threading

/// A process wrote an access token where none belongs.
public struct SecretLeaked: Error {
    public let processID: Int32
}

/// What is known of a child process: a thread of its own fills it and wakes those who wait.
final class ProcessRecord: Sendable {
    struct State {
        var lines: [String] = []
        var exitCode: Int32?
        /// A line had a token in it.
        var hasLeaked = false
        /// Who waits for a change, by a number that tells them apart.
        fileprivate var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
        fileprivate var changes = 0
        fileprivate var lastWaiter = 0
    }

    private let processID: pid_t
    private let mayShowSecrets: Bool
    private let state = Lock(State())

    init(_ processID: pid_t, mayShowSecrets: Bool) {
        (self.processID, self.mayShowSecrets) = (processID, mayShowSecrets)
    }

    var lines: [String] { state.withLock { $0.lines } }

    /// The process is reaped under the same lock, so the id is its own as long as there is no exit code.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.exitCode == nil { kill(processID, number) }
        }
    }

    /// Waits until `look` finds something.
    func wait<Value: Sendable>(
        _ fact: String, _ look: @Sendable (State) -> Result<Value, any Error>?
    ) async throws -> Value {
        while true {
            let (found, changes, hasLeaked) = state.withLock { (look($0), $0.changes, $0.hasLeaked) }
            guard !hasLeaked else { throw SecretLeaked(processID: processID) }
            if let found { return try found.get() }
            guard await change(after: changes) else { throw Patience.Exhausted(fact: fact) }
        }
    }

    /// False if there is none within the limit.
    private func change(after changes: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter: Int? = state.withLock { state in
                guard state.changes == changes else { return nil }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = continuation
                return state.lastWaiter
            }
            guard let waiter else { return continuation.resume(returning: true) }
            Patience.loop.execute {
                Patience.loop.schedule(after: Patience.limit) { self.giveUp(waiter) }
            }
        }
    }

    private func giveUp(_ waiter: Int) {
        let continuation = state.withLock { $0.waiters.removeValue(forKey: waiter) }
        continuation?.resume(returning: false)
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: true) }
    }

    // MARK: On the reading thread

    /// Reads lines until the process has closed its end, then waits for its exit.
    func read(from input: Int32) {
        var rest: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(input, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += chunk.prefix(count)
            let parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(parts.last ?? [])
            let lines = parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
            if !lines.isEmpty { take(lines) }
        }
        close(input)
        if !rest.isEmpty { take([String(decoding: rest, as: UTF8.self)]) }
        reap()
    }

    private func take(_ lines: [String]) {
        let leaks = !mayShowSecrets && lines.contains(where: SecretScan.holdsToken)
        if leaks { SecretScan.report(processID) }
        change { state in
            state.lines += lines
            if leaks { state.hasLeaked = true }
        }
    }

    private func reap() {
        var info = siginfo_t()
        // Leaves the process to be reaped below, under the lock that guards its id.
        while waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        change { state in
            var status: Int32 = 0
            waitpid(processID, &status, 0)
            // As shells tell it.
            state.exitCode = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        }
    }
}
