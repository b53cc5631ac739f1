import EventLoop
import GoogleRPC
public import RPC
public import SwiftProtobuf

extension Google_Protobuf_UInt32Value: Validated {
    public func validate(_ violations: inout Violations) {}
}

extension Google_Protobuf_Empty: Validated {
    public func validate(_ violations: inout Violations) {}
}

/// The methods of the test service that are streams.
enum Streams {
    static let count = method("Count")
    static let endless = method("Endless")
    static let join = method("Join")
    static let hold = method("Hold")
    static let hurry = method("Hurry")
    static let chat = method("Chat")
    static let greet = method("Greet")
    static let watch = method("Watch")
    static let cancel = Method<Google_Protobuf_UInt32Value, Google_Protobuf_Empty>(
        service: "cordee.system.v1.Connection", name: "Cancel", isReadOnly: false, resourceName: { _ in "" })

    private static func method(_ name: String) -> Method<Note, Note> {
        Method(service: Echo.service, name: name, isReadOnly: true, resourceName: { _ in "" })
    }

    static func methods(_ gate: Gate) -> [ServerMethod] {
        [
            .cancel(cancel) { $0.value },
            server(count) { request, answers in
                for number in 0..<(Int(request.reason) ?? 0) { try await answers.send(Note("\(number)")) }
                if request.domain == "fail" { throw Echo.refusal }
            },
            server(endless) { request, answers in
                do {
                    while true {
                        try await answers.send(Note(request.domain, domain: String(repeating: "x", count: 1_000)))
                    }
                } catch {
                    gate.facts.record("endless over: \(type(of: error))")
                    throw error
                }
            },
            client(join) { requests in
                var all: [String] = []
                for try await request in requests { all.append(request.reason) }
                return Note(all.joined(separator: ","))
            },
            client(hold) { requests in
                try await gate.pass()
                var count = 0
                for try await _ in requests { count += 1 }
                return Note("\(count)")
            },
            client(hurry) { _ in throw Echo.refusal },
            both(chat) { requests, answers in
                for try await request in requests { try await answers.send(Note("re: \(request.reason)")) }
            },
            ServerMethod(service: watch.service, name: watch.name, kind: .server) { call, _ in
                let answers = call.responses(Note.self)
                let bound = LoopBound(call, on: call.connection.loop)
                call.runStream {
                    try await answers.send(Note("first"))
                    try await bound.pause(for: .seconds(3_600))
                }
            },
            both(greet) { _, answers in try await answers.send(Note("hello")) },
        ]
    }

    private static func server(
        _ method: Method<Note, Note>, _ body: @escaping @Sendable (Note, ResponseSender<Note>) async throws -> Void
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name, kind: .server) { call, payload in
            do {
                let request = try call.decode(Note.self, payload)
                let answers = call.responses(Note.self)
                call.runStream { try await body(request, answers) }
            } catch {
                call.fail(error)
            }
        }
    }

    private static func client(
        _ method: Method<Note, Note>, _ body: @escaping @Sendable (RequestStream<Note>) async throws -> Note
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name, kind: .client) { call, _ in
            let requests = call.requests(Note.self)
            call.run { try await body(requests) }
        }
    }

    private static func both(
        _ method: Method<Note, Note>,
        _ body: @escaping @Sendable (RequestStream<Note>, ResponseSender<Note>) async throws -> Void
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name, kind: .both) { call, _ in
            let requests = call.requests(Note.self)
            let answers = call.responses(Note.self)
            call.runStream { try await body(requests, answers) }
        }
    }
}
