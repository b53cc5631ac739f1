import CordeeAPI
import EventLoop
import Metrics
import RPC
import SwiftProtobuf
import TLS
import TestSupport
import Threading

@testable import CordeeCLI

/// A real server on a socket, with the module that the client has never seen. Its messages are `Struct`s, whose JSON is
/// any object: the client must not notice that no Swift type stands behind them.
struct FakeDaemon: Sendable {
    let folder: TemporaryFolder
    var socket: String { folder.path + "/s" }
    /// Where it listens on 127.0.0.1; 0 if it has no TLS.
    let port: UInt16
    private let loop: EventLoop
    private let server: Server

    /// - Parameter tls: put on a TCP port beside the socket.
    static func run(
        in folder: TemporaryFolder? = nil, tls: TLSServer? = nil, _ body: (FakeDaemon) async throws -> Void
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        let tcp = try Listener.bind(.tcp(host: "127.0.0.1", port: 0), ListenOptions())
        guard case .tcp(_, let port) = tcp.address else { preconditionFailure("it was bound to TCP") }
        let loop = try EventLoop.start(EventLoop.Options(name: "fake"))
        let daemon = FakeDaemon(
            folder: folder, port: tls == nil ? 0 : port, loop: loop,
            server: Server(
                methods: try MethodTable(methods(Cellar())), limits: ServerLimits(), loops: [loop],
                metrics: MetricsRegistry(), observer: { _ in Silent() }))
        try await daemon.server.listen(on: try Listener.bind(.unix(path: daemon.socket)))
        if let tls { try await daemon.server.listen(on: tcp, through: tls.layer) }
        let result: Result<Void, any Error>
        do { result = .success(try await body(daemon)) } catch { result = .failure(error) }
        await daemon.server.shutdown(grace: .zero)
        loop.stop()
        try result.get()
    }

    private init(folder: TemporaryFolder, port: UInt16, loop: EventLoop, server: Server) {
        (self.folder, self.port, self.loop, self.server) = (folder, port, loop, server)
    }

    /// The cheeses that were created.
    private final class Cellar: Sendable {
        let cheeses = Lock<[Google_Protobuf_Value]>([])
        /// What was answered to a call with a key.
        let answers = Lock<[String: Google_Protobuf_Struct]>([:])
    }

    private final class Silent: LoopObserver {
        func batchBegan() {}
        func batchEnded() {}
        func callEnded(_ call: ServerCall, code: StatusCode) {}
        func connectionOpened(_ connection: ServerConnection) {}
        func connectionClosed(_ connection: ServerConnection) {}
    }

    private static func methods(_ cellar: Cellar) throws -> [ServerMethod] {
        let files = withUploads(try DescriptorFixture.files())
        let service = "fixture.cheeses.v1.Cheeses"
        return streams(of: service) + [
            ServerMethod(service: "cordee.system.v1.Reflection", name: "GetDescriptors") { call, _ in
                // As the daemon, which takes a single-use token for one method alone.
                guard call.authorization.isEmpty else {
                    let (fr, en) = ("Ce jeton ne sert pas ici.", "This token is of no use here.")
                    return call.fail(Status(.unauthenticated, "TOKEN_SINGLE_USE", fr: fr, en: en))
                }
                call.respond(CordeeSystem_GetDescriptorsResponse.with { $0.files = files })
            },
            ServerMethod(service: service, name: "ListCheeses") { call, _ in
                let all = Google_Protobuf_ListValue.with { list in list.values = cellar.cheeses.withLock { $0 } }
                call.respond(Google_Protobuf_Struct(fields: ["cheeses": Google_Protobuf_Value(listValue: all)]))
            },
            ServerMethod(service: service, name: "CreateCheese") { call, payload in
                do {
                    let key = call.idempotencyKey ?? ""
                    if let answer = cellar.answers.withLock({ $0[key] }) { return call.respond(answer) }
                    let request = try call.decode(Google_Protobuf_Struct.self, payload)
                    var cheese = request.fields["cheese"]?.structValue ?? Google_Protobuf_Struct()
                    let count = cellar.cheeses.withLock { $0.count }
                    cheese.fields["name"] = Google_Protobuf_Value(stringValue: "cellars/c/cheeses/\(count + 1)")
                    let kept = Google_Protobuf_Value(structValue: cheese)
                    cellar.cheeses.withLock { $0.append(kept) }
                    if !key.isEmpty { cellar.answers.withLock { [cheese] in $0[key] = cheese } }
                    call.respond(cheese)
                } catch {
                    call.fail(error)
                }
            },
            // Tells what came with the call.
            ServerMethod(service: service, name: "GetCheese") { call, _ in
                let bearer = String(decoding: call.authorization, as: UTF8.self)
                let labels = Google_Protobuf_Struct(fields: [
                    "authorization": Google_Protobuf_Value(stringValue: bearer),
                    "language": Google_Protobuf_Value(stringValue: call.language.rawValue),
                ])
                call.respond(Google_Protobuf_Struct(fields: ["labels": Google_Protobuf_Value(structValue: labels)]))
            },
            // Never answers: only a deadline ends it.
            ServerMethod(service: service, name: "Turn") { _, _ in },
            ServerMethod(service: service, name: "UpdateCheese") { call, _ in
                call.fail(
                    Status(
                        .notFound, "CHEESE_NOT_FOUND", fr: "Ce fromage n'existe pas.", en: "There is no such cheese."))
            },
        ]
    }

    /// The fixture with methods that take many cheeses: one answers when all have come, one at each.
    private static func withUploads(
        _ files: [Google_Protobuf_FileDescriptorProto]
    ) -> [Google_Protobuf_FileDescriptorProto] {
        var files = files
        for index in files.indices where files[index].package == "fixture.cheeses.v1" {
            for (name, answersMany) in [("UploadCheese", false), ("EchoCheeses", true)] {
                files[index].service[0].method.append(
                    .with { method in
                        (method.name, method.clientStreaming, method.serverStreaming) = (name, true, answersMany)
                        method.inputType = ".fixture.cheeses.v1.Cheese"
                        method.outputType = ".fixture.cheeses.v1.Cheese"
                    })
            }
        }
        return files
    }

    private static func streams(of service: String) -> [ServerMethod] {
        [
            // Two cheeses, then a refusal.
            ServerMethod(service: service, name: "WatchCheeses", kind: .server) { call, _ in
                let answers = call.responses(Google_Protobuf_Struct.self)
                call.runStream {
                    for name in ["a", "b"] { try await answers.send(Self.cheese(["name": name])) }
                    throw Status(.unavailable, "CELLAR_CLOSED", fr: "Fermé.", en: "Closed.")
                }
            },
            // Tells how many messages came, with how many bytes of pictures, and the first one's etag.
            ServerMethod(service: service, name: "UploadCheese", kind: .client) { call, _ in
                let requests = call.requests(Google_Protobuf_Struct.self)
                call.run { () async throws -> Google_Protobuf_Struct in
                    var (sizes, etags): ([String], [String]) = ([], [])
                    for try await request in requests {
                        let picture = request.fields["picture"]?.stringValue ?? ""
                        sizes.append("\(Base64.decode(picture)?.count ?? -1)")
                        etags.append(request.fields["etag"]?.stringValue ?? "-")
                    }
                    return Self.cheese([
                        "name": sizes.joined(separator: " "), "etag": etags.joined(separator: " "),
                    ])
                }
            },
            ServerMethod(service: service, name: "EchoCheeses", kind: .both) { call, _ in
                let requests = call.requests(Google_Protobuf_Struct.self)
                let answers = call.responses(Google_Protobuf_Struct.self)
                call.runStream { for try await request in requests { try await answers.send(request) } }
            },
        ]
    }

    private static func cheese(_ fields: [String: String]) -> Google_Protobuf_Struct {
        Google_Protobuf_Struct(fields: fields.mapValues { Google_Protobuf_Value(stringValue: $0) })
    }
}
