/// Where finished write bodies answer: a loop takes a whole group's answers with one wake-up.
public protocol CompletionSink: AnyObject, Sendable {
    /// Runs each closure once, in order, soon and anywhere. Called on the writer's thread: must not block it.
    func deliver(_ batch: [@Sendable () -> Void])
}

/// Answers at once, on the writer's thread: for resuming tasks, which go to their own executor by themselves.
final class InlineSink: CompletionSink {
    func deliver(_ batch: [@Sendable () -> Void]) { for answer in batch { answer() } }
}

/// The answers of one group, gathered by sink in the order in which the sinks first came.
struct AnswerBatches {
    private var batches: [(sink: any CompletionSink, answers: [@Sendable () -> Void])] = []

    mutating func add(_ answer: @escaping @Sendable () -> Void, to sink: any CompletionSink) {
        // A group has as many sinks as the daemon has loops: a handful, so a scan is the fastest look-up.
        if let index = batches.firstIndex(where: { $0.sink === sink }) {
            batches[index].answers.append(answer)
        } else {
            batches.append((sink, [answer]))
        }
    }

    mutating func deliver() {
        let batches = batches
        self.batches = []
        for batch in batches { batch.sink.deliver(batch.answers) }
    }
}
