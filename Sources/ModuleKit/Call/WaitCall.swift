/// A call that waits: a large request is looked through beside the loop before its one write, say; or a stream.
///
/// The caller of a stream may lose a grant or a token meanwhile. So `read`, `write`, and each message that is taken or
/// sent, end a stream with UNAUTHENTICATED or PERMISSION_DENIED once its caller may not call it any more.
public struct WaitCall: ModuleCall, Sendable {
    public let facts: CallFacts
    private let doors: any WaitDoors

    public init(_ facts: CallFacts, doors: any WaitDoors) {
        self.facts = facts
        self.doors = doors
    }

    /// Computes beside the loop, on the worker pool.
    ///
    /// - Throws: RESOURCE_EXHAUSTED if the pool's queue is full, and what `work` throws.
    public func compute<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await doors.compute(work)
    }

    /// Reads the database as of now: at once, on the connection's loop, in a read transaction of its own. So `body` is as
    /// short as the handler of a call that only reads; a long list is read page by page.
    public func read<Result>(_ body: (ReadCall) throws -> Result) throws -> Result {
        try doors.read(facts, body)
    }

    /// Reads the database on a thread for that, in one state of it: for what takes longer than a loop may be held up.
    ///
    /// - Throws: RESOURCE_EXHAUSTED when it took too long (`store.report_time_limit`) or too many wait, and what `body`
    ///   throws.
    public func report<Result: Sendable>(
        _ body: @escaping @Sendable (ReadCall) throws -> Result
    ) async throws -> Result {
        try await doors.report(facts, body)
    }

    /// Suspends for `duration`, for a stream that has nothing to tell at present.
    ///
    /// - Throws: UNAVAILABLE when the daemon stops, `CancellationError` once the call is over.
    public func pause(for duration: Duration) async throws { try await doors.pause(for: duration) }

    /// A write ahead of the call's one write: for a slice of much that is to be written, put where nobody sees it before
    /// `write` brings all of it in. So no write is long, and the whole is still done or not done.
    ///
    /// What was staged stays when the call ends without its write: who stages sees to it that leftovers are found and
    /// taken away. It is not what a repeat with the call's idempotency key is answered with.
    public func stage<Result: Sendable>(
        _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        try await doors.stage(facts, body)
    }

    /// The call's one write: see `WriteCall`. Its body makes the whole answer of the call and returns it, since that is
    /// kept in the same transaction for a repeat with the call's idempotency key; of a body that returns something else
    /// a repeat is told that it was carried out, and no more.
    ///
    /// - Parameter validateOnly: undoes what the body wrote once it has returned its result.
    public func write<Result: Sendable>(
        validateOnly: Bool = false, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        try await doors.write(facts, validateOnly: validateOnly, body)
    }
}

/// How a waiting call reaches the worker pool and the writer; the daemon fulfils it.
public protocol WaitDoors: Sendable {
    func compute<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result
    func read<Result>(_ facts: CallFacts, _ body: (ReadCall) throws -> Result) throws -> Result
    func report<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (ReadCall) throws -> Result
    ) async throws -> Result
    func pause(for duration: Duration) async throws
    func stage<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result
    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result
}
