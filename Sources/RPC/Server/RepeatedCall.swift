import Wire

/// The last call of a loop that reached a method, for the next one that differs from it in the payload alone.
struct RepeatedCall {
    /// What the envelope led to; an object, so that a call that is like it counts one reference.
    final class Outcome {
        let methodIndex: Int
        let metadata: CallMetadata
        let timeoutNanoseconds: Int64

        init(methodIndex: Int, _ metadata: CallMetadata, timeoutNanoseconds: Int64) {
            (self.methodIndex, self.metadata) = (methodIndex, metadata)
            self.timeoutNanoseconds = timeoutNanoseconds
        }
    }

    private var envelope = RepeatedEnvelope()
    /// The outcome depends on its connection: the id of that, 0 for none.
    private var connectionID: UInt64 = 0
    private(set) var outcome: Outcome?

    /// Remembers a call whose envelope was parsed.
    mutating func remember(_ data: RawSpan, of connectionID: UInt64, _ outcome: Outcome) {
        envelope.remember(data)
        self.connectionID = connectionID
        self.outcome = outcome
    }

    /// Where the payload lies, if all else is as in the remembered call.
    func payload(in data: RawSpan, of connectionID: UInt64) -> Range<Int>? {
        connectionID == self.connectionID ? envelope.payload(in: data) : nil
    }
}
