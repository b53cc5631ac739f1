import EventLoop
import ModuleKit
import RPC
import Store

/// The daemon's part on one event loop: its reader of the database, and who its connections are.
final class LoopHost: LoopObserver {
    let reader: Reader
    let sink: LoopSink
    /// Those that are open on this loop.
    let streams: StreamWatch
    private let generation: AccessGeneration
    private let now: @Sendable () -> Timestamp
    private let log: CallLog
    // Proof for `@exclusivity(unchecked)`, which spares two run-time checks per call: only this object's methods touch
    // it, on its loop, and none of the tally's methods calls back.
    @exclusivity(unchecked) private var tally: BatchTally

    /// The access generation from before the batch's read transaction: what a look-up in the batch is cached under.
    @exclusivity(unchecked) private(set) var batchGeneration: UInt64 = 0
    /// The instant of all calls of the batch: they were read together.
    @exclusivity(unchecked) private(set) var batchInstant = Timestamp.max

    init(
        on loop: EventLoop, reader: Reader, generation: AccessGeneration, log: CallLog,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.reader = reader
        self.generation = generation
        self.log = log
        self.now = now
        tally = BatchTally(log)
        sink = LoopSink(loop)
        streams = StreamWatch(on: loop, now: now)
        streams.listen(to: generation)
    }

    /// Between `begin` and `end`: a read transaction is open.
    private var isReading = false
    /// The access generation now, which a batch may not have seen yet.
    var currentGeneration: UInt64 { generation.current }
    var currentInstant: Timestamp { now() }

    func batchBegan() {
        begin()
        tally.begin()
    }

    func batchEnded() {
        end()
        tally.end()
    }

    /// Runs `body` with an instant and a read transaction: those of the batch, or ones of its own for a handler that goes
    /// on after it.
    func moment<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard !isReading else { return try body() }
        begin()
        defer { end() }
        return try body()
    }

    private func begin() {
        isReading = true
        batchInstant = now()
        // Read before the transaction begins: see `AccessGeneration`.
        batchGeneration = generation.current
        // It only throws for a connection that is broken, and then each query throws the same.
        try? reader.begin()
    }

    private func end() {
        reader.end()
        isReading = false
    }

    func callEnded(_ call: ServerCall, code: StatusCode) {
        if !streams.isEmpty { streams.remove(call) }
        if code == .ok, tally.take(call) { return }
        log.ended(call, code: code)
    }

    func callRefused(_ connection: ServerConnection, _ status: Status) { log.refused(status) }

    func connectionOpened(_ connection: ServerConnection) {
        connection.attachment = ConnectionCredentials(host: self)
    }

    func connectionClosed(_ connection: ServerConnection) { connection.attachment = nil }
}

/// Takes a finished group's answers to a loop, with one wake-up.
final class LoopSink: CompletionSink {
    private let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    func deliver(_ batch: [@Sendable () -> Void]) { loop.execute(batch: batch) }
}

/// Who a connection's caller turned out to be; kept with the connection, so that the next call need not look again.
final class ConnectionCredentials {
    let host: LoopHost
    // Proof for `@exclusivity(unchecked)`, here and below: read and written as a whole, on one loop.
    @exclusivity(unchecked) var known: KnownCaller?

    init(host: LoopHost) { self.host = host }
}

/// A caller as it was looked up, and for what that holds.
final class KnownCaller {
    let caller: Caller
    let authorizationID: UInt64
    let generation: UInt64
    /// The same as in the caller, where each call looks at it.
    let validUntil: Timestamp
    /// Of the method that was called last, by what it is called again and again.
    @exclusivity(unchecked) var admission: (entrance: ObjectIdentifier, Admission)?

    init(_ caller: Caller, authorizationID: UInt64, generation: UInt64) {
        (self.caller, self.authorizationID, self.generation) = (caller, authorizationID, generation)
        validUntil = caller.validUntil
    }
}
