import Threading

/// Starts the Store's threads and ends them in order, once.
final class StoreThreads: Sendable {
    private enum State {
        case open([RunningThread])
        case closing, closed
    }

    private let shared: StoreShared
    private let reports: Reports
    private let state: Lock<State>
    private let changed = Condition()

    init(_ shared: StoreShared, _ reports: Reports) throws(StoreError) {
        (self.shared, self.reports) = (shared, reports)
        do throws(StoreError) {
            state = Lock(.open(try Self.start(shared, reports)))
        } catch {
            // Those that had started already end by themselves.
            Self.beginClosing(shared, reports)
            shared.lock.release(clean: !shared.lock.wasLeftUnclean)
            throw error
        }
    }

    private static func start(_ shared: StoreShared, _ reports: Reports) throws(StoreError) -> [RunningThread] {
        let writer = try startWriter(shared)
        let checkpointer = try RunningThread(name: "store-checkpt") {
            shared.lock.persistMark()
            shared.checkpointer.run()
        }
        var threads = [writer, checkpointer]
        for _ in 0..<shared.options.reportThreads {
            threads.append(try RunningThread(name: "store-report") { reports.serve() })
        }
        return threads
    }

    /// The writer opens its connection on its own thread; this waits until it serves or has failed.
    private static func startWriter(_ shared: StoreShared) throws(StoreError) -> RunningThread {
        let opened = Handoff<StoreError?>()
        let thread = try RunningThread(name: "store-writer") {
            do throws(StoreError) {
                let writer = try Writer(shared)
                opened.give(nil)
                writer.run()
            } catch {
                opened.give(error)
            }
        }
        guard let error = opened.wait() else { return thread }
        thread.join()
        throw error
    }

    /// Takes nothing in any more; the threads end when they have finished what they must.
    func beginClosing() { Self.beginClosing(shared, reports) }

    private static func beginClosing(_ shared: StoreShared, _ reports: Reports) {
        shared.isClosing.raise()
        reports.close()
        shared.checkpointer.close()
        shared.queue.close()
    }

    /// Begins closing and waits for all threads; then gives the folder free.
    func close() {
        let threads: [RunningThread]? = state.withLock { state in
            guard case .open(let threads) = state else { return nil }
            state = .closing
            return threads
        }
        guard let threads else { return waitUntilClosed() }
        beginClosing()
        for thread in threads { thread.join() }
        shared.lock.release(clean: shared.health.isSound)
        state.withLock { $0 = .closed }
        changed.broadcast()
    }

    /// Someone else is closing.
    private func waitUntilClosed() {
        state.wait(
            on: changed,
            until: { state in
                if case .closed = state { true } else { false }
            }, then: { _ in })
    }
}
