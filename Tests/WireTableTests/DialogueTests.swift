import TestKit
import Testing

@Suite("Ours and the witnesses in Python", .timeLimit(.minutes(10)))
struct DialogueTests {
    @Test("the client in Python talks to our server: calls of all kinds, JSON, Cancel, deadline", arguments: [1, 2])
    func pythonClient(loops: Int) async throws {
        try await OurServer.run(loops: loops) { path in
            let folder = try TemporaryFolder()
            let control = folder.file("control")
            let ready = try ControlPoint(at: control)
            let process = try await PythonWitness.start("client.py", control, in: folder)
            try await onThread { try Dialogue.play(with: try ready.client(), serverAt: path) }
            #expect(try await process.exitCode() == 0)
            #expect(process.lines == [])
        }
    }

    @Test("our client talks to the server in Python: calls of all kinds, JSON, Cancel, deadline")
    func pythonServer() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("socket")
        let process = try await PythonWitness.start("server.py", path, in: folder)
        _ = try await process.line(with: "ready")
        let control = folder.file("control")
        let ready = try ControlPoint(at: control)
        async let obeying: Void = OurClient.obey(controlAt: control, on: Patience.loop)
        try await onThread { try Dialogue.play(with: try ready.client(), serverAt: path) }
        try await obeying
        #expect(process.lines == ["ready"])
    }
}
