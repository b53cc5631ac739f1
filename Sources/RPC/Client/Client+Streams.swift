import SwiftProtobuf

extension Client {
    /// Calls a method that answers with any number of messages.
    public func serverStream<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, _ options: CallOptions = CallOptions()
    ) async throws -> ResponseStream<Response> {
        let payload: [UInt8] =
            try options.isJSON ? request.jsonUTF8Bytes() : request.serializedBytes(partial: true)
        let call = OutgoingRequest(method.service, method.name, payload, .server, options)
        return ResponseStream(handle: try await open(call))
    }

    /// Calls a method that takes any number of messages: those that `body` sends, until it returns.
    ///
    /// It has a connection of its own, unless the options say otherwise.
    public func clientStream<Request, Response>(
        _ method: Method<Request, Response>, _ options: CallOptions = CallOptions(),
        _ body: (RequestSender<Request>) async throws -> Void
    ) async throws -> Response {
        let handle = try await open(OutgoingRequest(method.service, method.name, [], .client, options))
        do {
            try await body(RequestSender(handle: handle))
            try await handle.send(nil)
        } catch is StreamOver {
            // The server has answered before the end: what it says follows.
        }
        var answers = ResponseStream<Response>(handle: handle).makeAsyncIterator()
        guard let answer = try await answers.next() else { throw ClientError.malformedAnswer("no message") }
        return answer
    }

    /// Calls a method that takes and gives any number of messages.
    public func bothStreams<Request, Response>(
        _ method: Method<Request, Response>, _ options: CallOptions = CallOptions()
    ) async throws -> (requests: RequestSender<Request>, responses: ResponseStream<Response>) {
        let handle = try await open(OutgoingRequest(method.service, method.name, [], .both, options))
        return (RequestSender(handle: handle), ResponseStream(handle: handle))
    }
}

/// A message was sent on a stream that the server has ended; what it said is read from the stream.
struct StreamOver: Error {}
