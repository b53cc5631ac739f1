public import RPC
import SwiftProtobuf

/// A connection with what its caller says in each call.
public struct TestClient: Sendable {
    public let client: Client
    public var token: String?
    public var language: String?

    public init(_ client: Client, token: String?, language: String?) {
        (self.client, self.token, self.language) = (client, token, language)
    }

    /// The same connection with another token.
    public func with(token: String) -> TestClient { TestClient(client, token: token, language: language) }

    /// The same caller, asking for texts in another language.
    public func speaking(_ language: String) -> TestClient { TestClient(client, token: token, language: language) }

    /// Calls a method.
    public func call<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, json: Bool = false,
        metadata: [(String, String)] = [], key: String? = nil
    ) async throws -> Response {
        try await client.call(method, request, options(json: json, metadata: metadata, key: key))
    }

    /// Calls a method that is to be refused.
    ///
    /// - Throws: `NotRefused` if it is not.
    public func refusal<Request, Response>(
        of method: Method<Request, Response>, _ request: Request, metadata: [(String, String)] = [],
        key: String? = nil
    ) async throws -> Status {
        do {
            let answer = try await call(method, request, metadata: metadata, key: key)
            throw NotRefused(method: method.name, answer: "\(answer)")
        } catch let status as Status {
            return status
        }
    }

    /// How a call with a JSON payload ends.
    public func code(of path: String, _ json: String, _ kind: StreamingKind = .unary) async throws -> StatusCode {
        let parts = path.split(separator: "/").map(String.init)
        do {
            guard kind != .unary else {
                _ = try await client.call(
                    service: parts[0], method: parts[1], payload: Array(json.utf8), options(json: true))
                return .ok
            }
            return try await code(ofStream: parts, json, kind)
        } catch let status as Status {
            return status.code
        }
    }

    /// How a stream begins or ends: with one message it is seen to be let in, without one by its end.
    private func code(ofStream path: [String], _ json: String, _ kind: StreamingKind) async throws -> StatusCode {
        let isRequest = kind == .server
        let stream = try await client.stream(
            service: path[0], method: path[1], kind, request: isRequest ? Array(json.utf8) : [], options(json: true))
        if !isRequest {
            // It may be refused before it is read: that is told below.
            try? await stream.send(Array(json.utf8))
            try? await stream.finish()
        }
        var answers = stream.makeAsyncIterator()
        _ = try await answers.next()
        return .ok
    }

    public func options(
        json: Bool = false, metadata: [(String, String)] = [], key: String? = nil
    ) -> CallOptions {
        CallOptions(
            timeout: Patience.limit, token: token, acceptLanguage: language, isJSON: json, idempotencyKey: key,
            metadata: metadata)
    }

    /// A call was to be refused and was answered.
    public struct NotRefused: Error, CustomStringConvertible {
        public let method: String
        public let answer: String
        public var description: String { "\(method) was not refused but answered \(answer)" }
    }
}
