/// A call that waits for something before its one write: a large request is looked through beside the loop, say.
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

    /// The call's one write: see `WriteCall`.
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
    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result
}
