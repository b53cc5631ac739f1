import EventLoop
import Synchronization
import Wire

/// A server's part on one loop: its connections there, and what they share.
final class LoopContext {
    let loop: EventLoop
    let core: ServerCore
    let observer: any LoopObserver
    let parser: RequestParser
    let deadlines: DeadlineQueue<ServerCall>
    let sweep: IdleSweep
    // Proof for `@exclusivity(unchecked)`: each change is an addition or `publish`, which calls nothing of ours.
    @exclusivity(unchecked) var counts = ServerCounts()
    // Proof for `@exclusivity(unchecked)`: it is read and changed before a handler is called.
    @exclusivity(unchecked) var repeated = RepeatedCall()
    var connections: [UInt64: ServerConnection] = [:]
    var drain = Drain.serving

    /// The connection whose requests are being handled; its answers leave at the end of the batch.
    private(set) var batchConnection: ServerConnection?
    private var hasTold = false
    private var unflushed: [ServerConnection] = []
    private var spareBuffers: [[UInt8]] = []

    /// Buffers for answers that are kept for the next batch, and how large they may be: more than one is needed only by
    /// connections that answer in the same turn.
    private static let spareBufferCountMax = 8
    private static let spareCapacityMax = 256 << 10

    init(on loop: EventLoop, _ core: ServerCore) {
        (self.loop, self.core) = (loop, core)
        observer = core.makeObserver(loop)
        deadlines = DeadlineQueue(on: loop)
        sweep = IdleSweep(core.limits, on: loop)
        parser = RequestParser(
            limits: EnvelopeLimits(
                envelopeBytesMax: core.limits.messageBytesMax, metadataPairsMax: core.limits.metadataPairsMax,
                metadataBytesMax: core.limits.metadataBytesMax, nameBytesMax: core.limits.nameBytesMax))
    }

    // MARK: Batches

    /// Runs `body`, in which requests of `connection` are handled; the caller flushes their answers.
    func batch(of connection: ServerConnection, _ body: () -> Void) {
        batchConnection = connection
        body()
        endHandlers()
        batchConnection = nil
        counts.publish(to: core.metrics)
    }

    /// A request of the batch was found; tells the observer if it is the first.
    @inline(__always)
    func beginHandlers() {
        guard !hasTold else { return }
        hasTold = true
        observer.batchBegan()
    }

    private func endHandlers() {
        guard hasTold else { return }
        hasTold = false
        observer.batchEnded()
    }

    // MARK: Answers outside of a batch

    /// Has the connection's answers written at the end of this turn, together with what else is answered in it.
    func flushSoon(_ connection: ServerConnection) {
        unflushed.append(connection)
        guard unflushed.count == 1 else { return }
        let bound = LoopBound(self, on: loop)
        loop.execute { bound.value.flushAll() }
    }

    private func flushAll() {
        let ready = unflushed
        unflushed.removeAll(keepingCapacity: ready.count <= 64)
        for connection in ready { connection.flush() }
    }

    // MARK: Buffers

    /// An empty buffer for answers, with room from earlier use if there is one.
    func takeBuffer() -> [UInt8] { spareBuffers.popLast() ?? [] }

    func giveBack(_ buffer: consuming [UInt8]) {
        guard spareBuffers.count < Self.spareBufferCountMax, buffer.capacity <= Self.spareCapacityMax else { return }
        buffer.removeAll(keepingCapacity: true)
        spareBuffers.append(buffer)
    }
}

@available(*, unavailable) extension LoopContext: Sendable {}
