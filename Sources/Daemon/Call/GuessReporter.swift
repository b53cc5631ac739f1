import EventLoop
import Logging
import ModuleKit
import RPC
import Store

/// Tells the operator of a source that tries tokens: a line of the log, and an event of the daemon's own.
struct GuessReporter: Sendable {
    let store: Store
    let effects: WriteEffects
    let logger: Logger

    /// The event says no address, since the log of events keeps what it was told for ever.
    func report(_ source: GuessSource, at now: Timestamp, through sink: LoopSink) {
        logger.warning("too many bad tokens", metadata: ["source": "\(source.text)"])
        let subject =
            switch source {
            case .user(let uid): "sources/uid-\(uid)"
            case .address, .others: "sources/tcp"
            }
        store.submit("auth.slowed", deliver: sink, isWanted: { true }) { [effects] db in
            try EffectCall(db: db, now: now, effects: effects).emit(
                Event("system.auth.slowed.v1", board: "", subject: subject))
        } _: { [logger] result in
            if case .failure(let error) = result {
                logger.warning("not put on record", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension GuessSource {
    init(_ connection: ServerConnection) {
        if let peer = connection.peer {
            self = .user(peer.uid)
        } else {
            self = connection.peerNetwork.map { .address($0) } ?? .others
        }
    }
}
