import RPC
import Threading

@testable import CordeeCLI

/// A daemon in memory: it has the fixture's descriptors, and answers each other call by a function.
final class ScriptedConnection: Connection {
    typealias Answer = @Sendable (_ method: String, _ request: JSON) throws(Failure) -> String

    private let answer: Answer
    private let calls = Lock<[String]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    /// "Method request" of each call but those for descriptors.
    var received: [String] { calls.withLock { $0 } }

    func ask(service: String, method: String, protobuf: [UInt8]) async throws(Failure) -> [UInt8] {
        guard method == "GetDescriptors" else { throw .connectionLost(detail: "asked for \(method)") }
        do {
            return try DescriptorFixture.answer()
        } catch {
            throw .connectionLost(detail: "\(error)")
        }
    }

    func call(
        service: String, method: String, json: [UInt8], _ repetition: Repetition
    ) async throws(Failure) -> [UInt8] {
        let text = String(decoding: json, as: UTF8.self)
        calls.withLock { $0.append("\(method) \(text)") }
        guard let request = try? JSON(parsing: json) else { throw .connectionLost(detail: "no JSON: \(text)") }
        return Array(try answer(method, request).utf8)
    }

    func stream(
        service: String, method: String, _ kind: StreamingKind, _ requests: [JSON], _ repetition: Repetition,
        _ receive: ([UInt8]) throws(Failure) -> Void
    ) async throws(Failure) {
        for request in requests {
            try receive(try await call(service: service, method: method, json: Array(request.line.utf8), .never))
        }
    }

    func close() async {}
}

/// Runs the client in process against a daemon in memory.
struct ScriptedRun {
    let capture = Capture()
    let connection: ScriptedConnection

    init(_ answer: @escaping ScriptedConnection.Answer = { _, _ throws(Failure) in "{}" }) {
        connection = ScriptedConnection(answer)
    }

    func run(
        _ arguments: [String], language: Language = .en, terminalWidth: Int? = nil, environment: [String: String] = [:]
    ) async -> ExitCode {
        let console = capture.console(language, terminalWidth: terminalWidth)
        let tool = CommandLineTool(console: console, surroundings: Surroundings(environment)) {
            [connection] (_) throws(Failure) in
            connection
        }
        return await tool.run(arguments)
    }
}
