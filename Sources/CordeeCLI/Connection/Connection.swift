import RPC

/// Whether a call is sent again when its connection is lost, or when the daemon is just starting anew.
enum Repetition: Sendable, Equatable {
    /// It only reads.
    case read
    /// The daemon carries it out once, by this key, however often it comes.
    case write(key: String)
    /// What it has done would have to be looked up first.
    case never
}

/// A way to the daemon: calls go there and their answers come back.
protocol Connection: Sendable {
    /// Calls a method in the caller's name with protobuf-JSON, and gives the answer's.
    ///
    /// - Throws: `.refused` with the daemon's status, `.connectionLost`.
    func call(
        service: String, method: String, json: [UInt8], _ repetition: Repetition
    ) async throws(Failure) -> [UInt8]

    /// Calls a method that streams: sends all requests, and gives each answer to `receive` as it comes.
    ///
    /// - Throws: as `call`, and what `receive` throws.
    func stream(
        service: String, method: String, _ kind: StreamingKind, _ requests: [JSON], _ repetition: Repetition,
        _ receive: ([UInt8]) throws(Failure) -> Void
    ) async throws(Failure)

    /// Asks for what is nobody's secret, with protobuf: without the token, since a token that is good for one call must
    /// not be spent on it.
    func ask(service: String, method: String, protobuf: [UInt8]) async throws(Failure) -> [UInt8]

    func close() async
}
