/// What the room above the runtime hangs onto each loop: its store reader, its log, its metrics.
///
/// Made once for each loop, and called on that loop only.
public protocol LoopObserver: AnyObject {
    /// Bytes of at least one request were read; the handlers of this batch follow.
    func batchBegan()
    /// The handlers of the batch have returned; the answers that they gave are not written yet.
    func batchEnded()
    /// The call is over, however it ended; its duration counts from `call.beganAt`.
    func callEnded(_ call: ServerCall, code: StatusCode)
    /// A request was refused before a handler: a wrong frame or envelope, an unknown method, a bound.
    func callRefused(_ connection: ServerConnection, _ status: Status)
    func connectionOpened(_ connection: ServerConnection)
    func connectionClosed(_ connection: ServerConnection)
}

extension LoopObserver {
    public func callRefused(_ connection: ServerConnection, _ status: Status) {}
}
