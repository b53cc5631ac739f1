/// What a write body returned; thrown instead of returned when its writes are to be undone.
struct WriteOutcome<Value: Sendable>: Sendable {
    let value: Value

    /// Runs a body.
    ///
    /// - Parameter undo: a body that only had to show what it would do is undone by throwing its value (AIP-163).
    init(undo: Bool, _ body: () throws -> Value) throws {
        value = try body()
        if undo { throw Undone(value: value) }
    }

    /// What the caller of the write is told.
    static func result(_ result: Result<WriteOutcome, any Error>) -> Result<Value, any Error> {
        switch result {
        case .success(let outcome): .success(outcome.value)
        case .failure(let undone as Undone<Value>): .success(undone.value)
        case .failure(let error): .failure(error)
        }
    }
}

/// Carries the value of a body out of the savepoint that its throwing rolls back.
struct Undone<Value: Sendable>: Error {
    let value: Value
}
