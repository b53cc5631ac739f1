import EventLoop
import RPC
import TestKit
import Testing

/// Tests/Fixtures/wire: what the documents say of the protocol, byte for byte.
enum Table {
    static let serverFiles = [
        "server-unary", "server-ids", "server-frames", "server-envelope", "server-metadata", "server-json",
        "server-streams", "server-cancel", "server-limits",
    ]
    static let clientFiles = ["client-unary", "client-streams"]

    /// No rows, if a file cannot be read: a test of its own says so.
    static let serverRows = serverFiles.flatMap { (try? Row.rows(in: $0)) ?? [] }
    static let clientRows = clientFiles.flatMap { (try? Row.rows(in: $0)) ?? [] }
}

@Suite("The table of wire exchanges", .timeLimit(.minutes(10)))
struct WireTableTests {
    @Test("our server answers as the table says, in any pieces", arguments: Table.serverRows, [1, 2])
    func server(row: Row, loops: Int) async throws {
        try await OurServer.run(loops: loops, row.asksForLowLimits ? OurServer.lowLimits : ServerLimits()) { path in
            try await onThread {
                for cutting in Cutting.allCases { try RowRunner.run(row, cutting, againstServerAt: path) }
            }
        }
    }

    @Test("our client does as the table says, in any pieces", arguments: Table.clientRows)
    func client(row: Row) async throws {
        let folder = try TemporaryFolder()
        let control = folder.file("control")
        let ready = try ControlPoint(at: control)
        async let obeying: Void = OurClient.obey(controlAt: control, on: Patience.loop)
        try await onThread { try ready.play([row], in: folder, record: { throw $0 }) }
        try await obeying
    }

    @Test(
        "the server in Python, written from the document alone, answers as the table says", arguments: [false, true])
    func pythonServer(isLow: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("socket")
        let process = try await PythonWitness.start("server.py", path, isLow ? ["low"] : [], in: folder)
        _ = try await process.line(with: "ready")
        try await onThread {
            for row in Table.serverRows where row.asksForLowLimits == isLow {
                for cutting in Cutting.allCases {
                    do {
                        try RowRunner.run(row, cutting, againstServerAt: path)
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        // protobuf's own library tells of each text that is not UTF-8.
        #expect(process.lines.filter { !$0.hasPrefix("[libprotobuf ERROR") } == ["ready"])
    }

    @Test("the client in Python, written from the document alone, does as the table says")
    func pythonClient() async throws {
        let folder = try TemporaryFolder()
        let control = folder.file("control")
        let ready = try ControlPoint(at: control)
        let process = try await PythonWitness.start("client.py", control, in: folder)
        try await onThread { try ready.play(Table.clientRows, in: folder, record: { Issue.record($0) }) }
        #expect(try await process.exitCode() == 0)
        #expect(process.lines == [])
    }
}

/// Where a client under test comes to be told what to do.
// Proof: made by the test, then used by the one thread that plays.
struct ControlPoint: @unchecked Sendable {
    private let listener: RawSocket

    init(at path: String) throws { listener = try RawSocket.listen(at: path) }

    func client() throws -> ClientUnderTest { ClientUnderTest(try listener.accept()) }

    /// Plays rows against the client that comes, both cuttings of each; it is let go at the end.
    func play(_ rows: [Row], in folder: TemporaryFolder, record: (any Error) throws -> Void) throws {
        let client = try client()
        for (number, row) in rows.enumerated() {
            for cutting in Cutting.allCases {
                let path = folder.file("\(number)-\(cutting)")
                let listener = try RawSocket.listen(at: path)
                try client.tell("connect \(path)")
                do { try RowRunner.run(row, cutting, against: client, listener) } catch { try record(error) }
            }
        }
    }
}
