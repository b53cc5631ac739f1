public import EventLoop
import Metrics
import Wire

/// One client's connection, on the loop to which it belongs for life.
public final class ServerConnection {
    /// Different for each connection of the server.
    public let id: UInt64
    public let loop: EventLoop
    /// Who is at the other end of a Unix socket; nil for TCP.
    public var peer: PeerCredentials? { stream.peer }
    /// Where a TCP connection comes from: see `Transport.peerNetwork`.
    public var peerNetwork: String? { stream.peerNetwork }
    /// What the other end has proved to be by TLS; nil for a client without a certificate.
    public var certificate: PeerCertificate? { stream.certificate }
    /// What the room above keeps with the connection.
    @exclusivity(unchecked) public var attachment: AnyObject?

    let context: LoopContext
    let core: ServerCore
    let stream: any Transport
    /// Calls that are open beyond their batch.
    @exclusivity(unchecked) var calls: [UInt32: ServerCall] = [:]
    /// What the last call told of its caller.
    @exclusivity(unchecked) var headers = HeaderSet.none
    /// The method of the last call.
    @exclusivity(unchecked) var lastMethodIndex = 0
    /// How many different credentials came, for `HeaderSet.authorizationID`.
    @exclusivity(unchecked) var authorizationCount: UInt64 = 0
    // Proof for `@exclusivity(unchecked)`, which spares ten run-time checks per call: `decoder` is used by
    // `handleFrames` and after it, where no handler reaches; `state` and `authorizationCount` change in calls that
    // call nothing of ours; `outbound` changes in `answer`, whose closures encode and nothing else, and in `flush`, by
    // a swap; a call is put into `calls` or taken out without a call of ours in between; `isClosed`, `headers`,
    // `lastMethodIndex`, `attachment`, and the counts and instants are read and written as a whole.
    /// Answers that are not written yet.
    @exclusivity(unchecked) var outbound: [UInt8] = []
    @exclusivity(unchecked) var state: ConnectionState
    @exclusivity(unchecked) var decoder: FrameDecoder
    /// Bytes that were read and whose frames have not had their turn.
    var backlog: [UInt8] = []
    var backlogStart = 0
    var isTurnQueued = false
    @exclusivity(unchecked) private(set) var isClosed = false
    /// Bytes that are held for handlers of all streams.
    @exclusivity(unchecked) var heldByteCount = 0
    /// When bytes came last, or the last open call ended; by `EventLoop.nanosecondsNow`.
    @exclusivity(unchecked) var lastActiveAt: UInt64
    /// When the frame began whose rest is still to come; 0 for none.
    @exclusivity(unchecked) var frameBeganAt: UInt64 = 0
    /// The stream for whose handler reading pauses, and what ends that pause.
    var stalled: (call: ServerCall, timer: Timer)?
    /// Where handlers of streams wait until the peer has taken more; made when the first one waits.
    var room: Signal?
    /// Messages of streams since the last flush.
    @exclusivity(unchecked) var sentSinceFlush = 0
    private var isFlushQueued = false
    /// Runs while handlers or reading wait for the peer to take its answers.
    private var unsentTimer: Timer?
    private var isHeldByUnsent = false

    init(_ stream: any Transport, in context: LoopContext) {
        (self.stream, self.context, core) = (stream, context, context.core)
        loop = context.loop
        id = core.nextConnectionID()
        state = ConnectionState(messageBytesMax: core.limits.messageBytesMax)
        decoder = FrameDecoder(dataBytesMax: core.limits.messageBytesMax)
        lastActiveAt = EventLoop.nanosecondsNow()
    }

    func start() {
        stream.onRead = { [unowned self] bytes in received(bytes) }
        stream.onEnd = { [unowned self] _ in close() }
        stream.onDrain = { [unowned self] in drained() }
        stream.startReading()
    }

    /// Ends the connection and its calls: nobody hears their answers. Idempotent.
    func close(_ done: (() -> Void)? = nil) {
        defer { stream.close(done) }
        guard !isClosed else { return }
        isClosed = true
        unsentTimer.take()?.cancel()
        stalled.take()?.timer.cancel()
        for call in calls.values { call.abandon() }
        calls = [:]
        (outbound, backlog, backlogStart) = ([], [], 0)
        context.remove(self)
    }

    // MARK: Answers

    /// Gives `append` the buffer of answers, and sees to it that they leave at the end of the batch or turn.
    @inline(__always)
    func answer(_ append: (inout [UInt8]) -> Void) {
        guard !isClosed else { return }
        if outbound.isEmpty {
            outbound = context.takeBuffer()
            if context.batchConnection !== self, !isFlushQueued {
                isFlushQueued = true
                context.flushSoon(self)
            }
        }
        append(&outbound)
        context.counts.answers += 1
    }

    /// Writes all answers at once.
    func flush() {
        isFlushQueued = false
        guard !outbound.isEmpty else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &outbound)
        context.counts.writes += 1
        context.counts.bytesWritten += Int64(bytes.count)
        sentSinceFlush = 0
        stream.write(bytes.span.bytes)
        context.giveBack(bytes)
        boundUnsent()
        wakeSenders()
        context.counts.publish(to: core.metrics)
    }

    // MARK: Answers that are not taken

    /// Whether frames must wait: the peer owes us its reading, or a handler owes the peer its own.
    var isPaused: Bool { isHeldByUnsent || stalled != nil }

    private func boundUnsent() {
        let unsent = stream.unsentByteCount
        guard unsent > core.limits.unsentBytesMax else { return }
        if unsent > core.limits.unsentBytesCut { return cut() }
        guard !isHeldByUnsent else { return }
        isHeldByUnsent = true
        core.metrics.readPauses.add()
        stream.stopReading()
        limitUnsent()
    }

    /// From now on the peer has so long to take all that is unsent.
    func limitUnsent() {
        guard unsentTimer == nil, !isClosed else { return }
        unsentTimer = loop.schedule(after: core.limits.unsentTimeout) { [weak self] in self?.cut() }
    }

    private func cut() {
        core.metrics.connectionsCut.add()
        close()
    }

    /// The peer has taken everything.
    private func drained() {
        unsentTimer.take()?.cancel()
        wakeSenders()
        if isHeldByUnsent {
            isHeldByUnsent = false
            takeTurn()
        }
        context.connectionIsIdle(self)
    }
}

@available(*, unavailable) extension ServerConnection: Sendable {}
