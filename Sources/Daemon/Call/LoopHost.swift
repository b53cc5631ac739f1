import EventLoop
import ModuleKit
import RPC
import Store

/// The daemon's part on one event loop: its reader of the database, and who its connections are.
final class LoopHost: LoopObserver {
    let reader: Reader
    let sink: LoopSink
    private let generation: AccessGeneration
    private let log: CallLog

    /// The access generation from before the batch's read transaction: what a look-up in the batch is cached under.
    private(set) var batchGeneration: UInt64 = 0

    init(on loop: EventLoop, reader: Reader, generation: AccessGeneration, log: CallLog) {
        self.reader = reader
        self.generation = generation
        self.log = log
        sink = LoopSink(loop)
    }

    func batchBegan() {
        // Read before the transaction begins: see `AccessGeneration`.
        batchGeneration = generation.current
        // It only throws for a connection that is broken, and then each query throws the same.
        try? reader.begin()
    }

    func batchEnded() { reader.end() }

    func callEnded(_ call: ServerCall, code: StatusCode) { log.ended(call, code: code) }

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
    var known: (authorizationID: UInt64, generation: UInt64, caller: Caller)?

    init(host: LoopHost) { self.host = host }
}
