public import EventLoop
import Metrics
public import SwiftProtobuf
import Wire

/// A call in progress; it belongs to its connection's loop.
public final class ServerCall {
    public let connection: ServerConnection
    /// The place of the method in the server's `MethodTable.methods`.
    public let methodIndex: Int
    /// How the payload is written, and the answer too.
    public let codec: PayloadCodec
    /// When the call's bytes were read, by `EventLoop.nanosecondsNow`.
    public let beganAt: UInt64
    /// Answered, cancelled or past its deadline: what is answered later is dropped.
    // Proof for `@exclusivity(unchecked)`, here and below: it is read and written as a whole, never lent.
    @exclusivity(unchecked) public private(set) var isFinished = false
    /// The error behind an INTERNAL, which the caller is not shown; for the log.
    public private(set) var lastError: (any Error)?

    let streamID: UInt32
    /// What only a stream has; nil for a unary call.
    @exclusivity(unchecked) private(set) var stream: ServerStream?
    /// The handler waits for something to tell: see `LoopBound.pause`.
    var isPaused = false
    /// In its connection's table; set by that alone.
    var isOpen = false
    var deadlineSlot = -1
    private let endsAt: UInt64
    private let metadata: CallMetadata
    private var token: CallCancellation?
    /// The work was cancelled, maybe before its task was known.
    private var isStopped = false
    @exclusivity(unchecked) private var task: Task<Void, Never>?
    private var madeTrace: TraceID?

    init(
        on connection: ServerConnection, _ streamID: UInt32, methodIndex: Int, _ codec: PayloadCodec,
        _ metadata: consuming CallMetadata, beganAt: UInt64, deadline: UInt64
    ) {
        (self.connection, self.streamID, self.methodIndex, self.codec) = (connection, streamID, methodIndex, codec)
        (self.metadata, self.beganAt, endsAt) = (metadata, beganAt, deadline)
    }

    // MARK: What came with it

    public var method: ServerMethod { connection.core.methods[methodIndex] }

    /// When the call must be over, by `EventLoop.nanosecondsNow`; nil if it may take for ever.
    public var deadline: UInt64? { endsAt == 0 ? nil : endsAt }

    /// The language of the texts for the caller.
    public var language: Language { metadata.headers.language }

    /// The value of a metadata key, which is written in lower case; the first one of several.
    ///
    /// Keys that begin with "cordee-" never come from outside. `content-type` and `traceparent` are read by `codec` and
    /// `id`.
    public func metadata(_ key: StaticString) -> String? { metadata[key] }

    /// The value of `idempotency-key`, as it came; nil if there was none, which costs one comparison to know.
    public var idempotencyKey: String? { metadata.others.isEmpty ? nil : metadata["idempotency-key"] }

    /// The raw value of `authorization`; empty if there was none.
    public var authorization: [UInt8] { metadata.headers.authorization }

    /// Stands for the value of `authorization` on this connection: what was found for an id holds for each later call
    /// with it. 0: there is no authorization.
    public var authorizationID: UInt64 { metadata.headers.authorizationID }

    /// The call's id: the trace-id of its `traceparent`, else one made when it is first asked for.
    public var id: String {
        if let trace = metadata.trace ?? madeTrace { return trace.text }
        let trace = TraceID.random()
        madeTrace = trace
        return trace.text
    }

    /// Reads the payload.
    ///
    /// - Throws: INVALID_ARGUMENT, reason MALFORMED_PAYLOAD, naming what is wrong; in JSON a field that is unknown or
    ///   has a wrong value is a violation of BAD_REQUEST.
    public func decode<M: Message>(_ type: M.Type, _ payload: RawSpan) throws(Status) -> M {
        do { return try Payload.decode(type, payload, codec, depthMax: connection.core.limits.decodeDepthMax) } catch {
            connection.core.metrics.payloadsRefused.add()
            throw error
        }
    }

    // MARK: How it ends

    /// Answers with a message, which is encoded straight into what the connection will write.
    public func respond<M: Message>(_ message: M) {
        guard !isFinished else { return }
        do throws(CallFault) {
            switch codec {
            case .protobuf: try append(protobuf: message)
            case .json: try append(json: message)
            }
            end(.ok)
        } catch {
            fail(error)
        }
    }

    /// Answers with a message that was encoded as protobuf before: the same bytes, to a caller who speaks that.
    public func respond<M: Message>(with encoded: [UInt8], as type: M.Type) {
        guard !isFinished else { return }
        guard codec == .protobuf else {
            do { respond(try M(serializedBytes: encoded, partial: true)) } catch { fail(error) }
            return
        }
        do throws(CallFault) {
            try append(bytes: encoded)
            end(.ok)
        } catch {
            fail(error)
        }
    }

    /// Answers with an error: a `StatusConvertible` as its status, a `CancellationError` as CANCELLED or
    /// DEADLINE_EXCEEDED, all else as INTERNAL with the call's id alone.
    public func fail(_ error: any Error) {
        guard !isFinished else { return }
        let status =
            switch error {
            case let error as any StatusConvertible: error.status
            case is CancellationError: hasExpired ? CallFault.deadlineExceeded.status : CallFault.cancelled.status
            default: CallFault.internal(callID: id).status
            }
        lastError = error
        connection.answer(streamID, status, language, callID: id, codec)
        end(status.code)
    }

    /// Nobody waits any more: the connection is closed. Work that has not begun need not begin.
    func abandon() {
        guard !isFinished else { return }
        cancelWork()
        end(.cancelled)
    }

    /// The server ends the call: the shutdown's grace is over, or its caller may not go on.
    public func stop(_ error: any StatusConvertible) {
        guard !isFinished else { return }
        cancelWork()
        fail(error)
    }

    private func end(_ code: StatusCode) {
        isFinished = true
        task = nil
        if let stream { connection.drop(stream) }
        if isOpen { connection.release(self) }
        connection.context.observer.callEnded(self, code: code)
    }

    private func cancelWork() {
        isStopped = true
        token?.cancel()
        task?.cancel()
    }

    private var hasExpired: Bool { endsAt != 0 && EventLoop.nanosecondsNow() >= endsAt }

    // MARK: Work beyond the batch

    /// For work on another thread that should not begin once nobody waits for the answer.
    public var cancellation: CallCancellation {
        if let token { return token }
        let token = CallCancellation(isCancelled: isFinished)
        self.token = token
        return token
    }

    /// Starts a task on the connection's loop that answers with what `body` returns or throws.
    ///
    /// It begins at once, inside this call. The deadline, a closed connection and the end of the server cancel it.
    public func run<M: Message & Sendable>(_ body: @escaping @Sendable () async throws -> M) {
        run { call in
            let message = try await body()
            call.value.respond(message)
        }
    }

    /// As `run` above, for a body that answers by itself; what it throws is answered.
    public func run(_ body: @escaping @Sendable (LoopBound<ServerCall>) async throws -> Void) {
        let task = start(LoopBound(self, on: connection.loop), on: connection.loop, body)
        guard !isFinished else { return isStopped ? task.cancel() : () }
        self.task = task
    }
}

@available(*, unavailable) extension ServerCall: Sendable {}

extension ServerCall {
    /// The method is a stream; a message in its request is the first one.
    func becomeStream(_ state: StreamState, first payload: RawSpan, _ kind: StreamingKind) {
        let stream = ServerStream(state, connection.core.limits.streamBuffer)
        self.stream = stream
        // The one request of a server stream is the handler's own; an empty payload is no message of a client's stream.
        if kind != .server, !payload.isEmpty { connection.hold(payload, for: stream) }
    }

    /// The client's messages; each is checked before the handler sees it.
    public func requests<Request: Message & Sendable>(
        _ type: Request.Type = Request.self, check: @escaping @Sendable (Request) throws -> Void = { _ in }
    ) -> RequestStream<Request> {
        precondition(stream != nil, "a unary call has no stream")
        return RequestStream(call: LoopBound(self, on: connection.loop), check: check)
    }

    /// Where the handler puts its messages; `check` is asked before each leaves.
    public func responses<Response: Message & Sendable>(
        _ type: Response.Type = Response.self, before: (@Sendable ([Response]) async throws -> Void)? = nil,
        check: @escaping @Sendable () throws -> Void = {}
    ) -> ResponseSender<Response> {
        precondition(stream != nil, "a unary call has no stream")
        return ResponseSender(call: LoopBound(self, on: connection.loop), before: before, check: check)
    }

    /// As `run`, for a handler that sends its messages: when `body` returns, the stream ends.
    public func runStream(_ body: @escaping @Sendable () async throws -> Void) {
        run { call in
            try await body()
            call.value.endStream()
        }
    }

    var mustWaitToSend: Bool { !isFinished && connection.mustWaitToSend }

    var mustWaitForMessage: Bool {
        guard let stream, !isFinished else { return false }
        return stream.inbound.count == 0 && !stream.inbound.isEnded
    }

    func takeMessage() -> [UInt8]? {
        guard let stream else { return nil }
        return connection.take(from: stream)
    }

    /// What is held for a handler that has not taken it.
    var heldByteCount: Int { stream?.inbound.heldByteCount ?? 0 }

    /// Appends a message of the server's stream to what the connection will write.
    func send<M: Message>(_ message: M) throws(CallFault) {
        guard let stream, stream.state.apply(.data(.server, .message)) != .ignore else { return }
        do {
            switch codec {
            case .protobuf: try appendMessage(try message.serializedBytes(partial: true))
            case .json:
                let json: [UInt8] = try message.jsonUTF8Bytes()
                try checkMessage(json.count)
                appendData(json.span.bytes, [])
            }
        } catch let fault as CallFault {
            throw fault
        } catch {
            throw .answerUnencodable
        }
    }

    /// Takes the message straight from the encoder, as `append(_:)` does.
    private func appendMessage(_ encoded: borrowing EncodedMessage) throws(CallFault) {
        try checkMessage(encoded.count)
        encoded.withUnsafeBytes { appendData($0.bytes, []) }
    }

    private func checkMessage(_ byteCount: Int) throws(CallFault) {
        guard byteCount <= connection.core.limits.messageBytesMax else { throw tooLarge(byteCount) }
    }

    /// The server's stream ends well: by Data, since a Response would be one message more to a client.
    private func endStream() {
        guard !isFinished, let stream else { return }
        _ = stream.state.apply(.data(.server, .close))
        appendData(RawSpan(), [.remoteClosed, .noData])
        end(.ok)
    }

    private func appendData(_ bytes: RawSpan, _ flags: FrameFlags) {
        connection.answer { FrameEncoder.appendData(to: &$0, streamID: streamID, flags: flags, payload: bytes) }
        connection.sentSinceFlush += 1
        if connection.outbound.count > connection.core.limits.gatheredBytesMax { connection.flush() }
    }
}

extension ServerCall: Expiring {
    var expiresAt: UInt64 { endsAt }

    func expire() {
        connection.core.metrics.deadlinesExceeded.add()
        stop(CallFault.deadlineExceeded)
    }
}

extension ServerCall {
    private func append<M: Message>(protobuf message: M) throws(CallFault) {
        do {
            try append(try message.serializedBytes(partial: true))
        } catch let fault as CallFault {
            throw fault
        } catch {
            throw .answerUnencodable
        }
    }

    /// Takes the message straight from the encoder: in a variable it would be copied, all 256 bytes of it.
    private func append(_ encoded: borrowing EncodedMessage) throws(CallFault) {
        try check(encoded.count)
        encoded.withUnsafeBytes { bytes in
            connection.answer { FrameEncoder.appendResponse(to: &$0, streamID: streamID, payload: bytes.bytes) }
        }
    }

    private func append<M: Message>(json message: M) throws(CallFault) {
        let json: [UInt8]? = try? message.jsonUTF8Bytes()
        guard let encoded = json else { throw .answerUnencodable }
        try append(bytes: encoded)
    }

    private func append(bytes encoded: [UInt8]) throws(CallFault) {
        try check(encoded.count)
        connection.answer { FrameEncoder.appendResponse(to: &$0, streamID: streamID, payload: encoded.span.bytes) }
    }

    private func check(_ byteCount: Int) throws(CallFault) {
        let max = connection.core.limits.messageBytesMax
        guard FrameEncoder.responseDataByteCount(payloadByteCount: byteCount) <= max else {
            throw tooLarge(byteCount)
        }
    }

    private func tooLarge(_ byteCount: Int) -> CallFault {
        connection.core.metrics.messagesTooLarge.add()
        return .answerTooLarge(byteCount: byteCount, max: connection.core.limits.messageBytesMax)
    }
}

/// Starts a call's task. A function of no isolation: from an isolated one the task would be queued, not begun.
private nonisolated func start(
    _ call: LoopBound<ServerCall>, on loop: EventLoop,
    _ body: @escaping @Sendable (LoopBound<ServerCall>) async throws -> Void
) -> Task<Void, Never> {
    Task.immediate(executorPreference: loop) {
        do { try await body(call) } catch { call.value.fail(error) }
    }
}
