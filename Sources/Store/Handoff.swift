import Threading

/// One value given by one thread to another that waits for it: for start-up and maintenance, never on a loop.
final class Handoff<Value: Sendable>: Sendable {
    private let value = Lock<Value?>(nil)
    private let changed = Condition()

    func give(_ value: Value) {
        self.value.withLock { $0 = value }
        changed.broadcast()
    }

    func wait() -> Value {
        let value = value.wait(on: changed, until: { $0 != nil }, then: { $0 })
        guard let value else { preconditionFailure("Lock.wait returned before its condition held") }
        return value
    }
}

/// A started thread that can be joined from a shared object.
// Proof: `join` is called by `Store.close` alone, by the one caller that found the store open.
final class RunningThread: @unchecked Sendable {
    private var thread: Thread?

    init(name: String, _ main: @escaping @Sendable () -> Void) throws(StoreError) {
        do { thread = try Thread.start(name: name, main) } catch { throw .outOfMemory }
    }

    func join() {
        if let thread = thread.take() { thread.join() }
    }
}
