/// A write that waits for the writer: what to run, who wants it, whom to tell.
struct WriteBody: Sendable {
    /// What one run came to, with the answer that its caller gets once the group's outcome is known.
    struct Attempt: Sendable {
        var failure: (any Error)?
        var answer: @Sendable () -> Void
    }

    let label: String
    let sink: any CompletionSink
    let isWanted: @Sendable () -> Bool
    let run: @Sendable (Transaction) -> Attempt
    let fail: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        label: String, sink: any CompletionSink, isWanted: @escaping @Sendable () -> Bool,
        body: @escaping @Sendable (Transaction) throws -> Value,
        done: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        (self.label, self.sink, self.isWanted) = (label, sink, isWanted)
        run = { transaction in
            do {
                let value = try body(transaction)
                return Attempt(failure: nil) { done(.success(value)) }
            } catch {
                return Attempt(failure: error) { done(.failure(error)) }
            }
        }
        fail = { done(.failure($0)) }
    }

    /// Answers `error` by itself, outside of any group.
    func refuse(_ error: StoreError) {
        let fail = fail
        sink.deliver([{ fail(error) }])
    }
}
