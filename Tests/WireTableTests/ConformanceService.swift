import RPC
import SwiftProtobuf

/// The service that the table speaks to, as Tests/Fixtures/wire/README.md says.
enum ConformanceService {
    static let echo = method("Echo", Conformance_Note.self, Conformance_Note.self)
    static let count = method("Count", Conformance_CountRequest.self, Conformance_Number.self)
    static let sum = method("Sum", Conformance_Number.self, Conformance_Number.self)
    static let chat = method("Chat", Conformance_Note.self, Conformance_Note.self)
    static let fail = method("Fail", Conformance_FailRequest.self, Conformance_Note.self)
    static let wait = method("Wait", Conformance_Note.self, Conformance_Note.self)
    static let hold = method("Hold", Conformance_Number.self, Conformance_Number.self)
    static let look = method("Look", Conformance_Note.self, Conformance_Note.self)
    private static let cancel = Method<Conformance_CancelRequest, Conformance_CancelResponse>(
        service: "cordee.system.v1.Connection", name: "Cancel", isReadOnly: false, resourceName: { _ in "" })

    static let methods: [ServerMethod] = [
        .cancel(cancel) { $0.streamID },
        unary(echo) { call, request in call.respond(request) },
        stream(count, .server) { call, payload in
            let request = try call.decode(Conformance_CountRequest.self, payload)
            let answers = call.responses(Conformance_Number.self)
            call.runStream {
                var number: Int64 = 0
                while number < request.last {
                    number += 1
                    try await answers.send(.with { $0.value = number })
                }
                if let status = status(request.code, "TEST") { throw status }
            }
        },
        stream(sum, .client) { call, _ in
            let numbers = call.requests(Conformance_Number.self)
            call.run {
                var sum: Int64 = 0
                for try await number in numbers { sum += number.value }
                return Conformance_Number.with { $0.value = sum }
            }
        },
        stream(chat, .both) { call, _ in
            let notes = call.requests(Conformance_Note.self)
            let answers = call.responses(Conformance_Note.self)
            call.runStream {
                for try await note in notes {
                    try await answers.send(note)
                    if note.text == "bye" { return }
                }
            }
        },
        unary(fail) { call, request in
            if let status = status(request.code, request.reason) {
                call.fail(status)
            } else {
                call.respond(Conformance_Note())
            }
        },
        unary(wait) { call, _ in call.run { () async throws -> Conformance_Note in try await untilCancelled() } },
        stream(hold, .client) { call, _ in
            call.run { () async throws -> Conformance_Number in try await untilCancelled() }
        },
        unary(look) { call, request in
            // The keys that the rows ask for: a key is a literal to the server.
            let value = request.text == "cordee-person" ? call.metadata("cordee-person") : call.metadata("x-test")
            call.respond(Conformance_Note.with { $0.text = value ?? "" })
        },
    ]

    private static func status(_ code: Int32, _ reason: String) -> Status? {
        guard code != 0, let code = StatusCode(rawValue: code) else { return nil }
        return Status(code, reason, fr: "Ainsi demandé.", en: "As asked.")
    }

    private static func untilCancelled() async throws -> Never {
        let (never, source) = AsyncStream.makeStream(of: Void.self)
        // It ends when its task is cancelled; nothing is ever sent.
        for await _ in never {}
        withExtendedLifetime(source) {}
        throw CancellationError()
    }

    private static func method<Request, Response>(
        _ name: String, _: Request.Type, _: Response.Type
    ) -> Method<Request, Response> {
        Method(
            service: "cordee.conformance.v1.Conformance", name: name, isReadOnly: false, resourceName: { _ in "" })
    }

    private static func unary<Request, Response>(
        _ method: Method<Request, Response>, _ body: @escaping @Sendable (ServerCall, Request) -> Void
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name) { call, payload in
            do { body(call, try call.decode(Request.self, payload)) } catch { call.fail(error) }
        }
    }

    private static func stream<Request, Response>(
        _ method: Method<Request, Response>, _ kind: StreamingKind,
        _ body: @escaping @Sendable (ServerCall, RawSpan) throws -> Void
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name, kind: kind) { call, payload in
            do { try body(call, payload) } catch { call.fail(error) }
        }
    }
}

extension Conformance_CancelRequest: Validated { public func validate(_ violations: inout Violations) {} }
extension Conformance_Note: Validated { public func validate(_ violations: inout Violations) {} }
extension Conformance_Number: Validated { public func validate(_ violations: inout Violations) {} }
extension Conformance_CountRequest: Validated { public func validate(_ violations: inout Violations) {} }
extension Conformance_FailRequest: Validated { public func validate(_ violations: inout Violations) {} }
