/// A value that may travel to other threads, but is looked at only on its loop.
///
/// The last reference may be dropped on any thread, so a `Value` with a deinit that must run on the loop is wrong here.
// Proof: `value` can only be read on the loop's thread (checked each time, also in release builds). It was put in
// either there, or as a `sending` value that nobody else can reach.
public struct LoopBound<Value>: @unchecked Sendable {
    public let loop: EventLoop
    private let stored: Value

    /// Binds a value of the loop that is running now.
    public init(_ value: Value, on loop: EventLoop) {
        loop.preconditionCurrent()
        (self.stored, self.loop) = (value, loop)
    }

    /// Gives a fresh value, which nobody else can reach, to a loop; from any thread.
    public init(handing value: sending Value, to loop: EventLoop) {
        (self.stored, self.loop) = (value, loop)
    }

    /// The value; to ask for it on another thread is a programming error and stops the process.
    public var value: Value {
        loop.preconditionCurrent()
        return stored
    }
}
