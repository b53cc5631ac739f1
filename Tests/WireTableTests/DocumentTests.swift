import FoundationEssentials
import TestKit
import Testing

/// What documents say of the protocol, compared with what is there.
@Suite("The documents of the protocol", .timeLimit(.minutes(10)))
struct DocumentTests {
    /// ttrpc's PROTOCOL.md, whose spelling this is.
    private static let publishedSections = [
        "Message Frame", "Mesage Types", "Request", "Request Flags", "Response", "Response Flags", "Data", "Streaming",
        "Unary State Diagram", "Non-Unary State Diagrams",
    ]

    @Test("each row follows a section that is there", arguments: Table.serverFiles + Table.clientFiles)
    func rules(file: String) throws {
        let own = try Self.document().split(separator: "\n").filter { $0.hasPrefix("## ") || $0.hasPrefix("### ") }
            .map { $0.drop { $0 == "#" || $0 == " " } }
        for row in try Row.rows(in: file) {
            #expect(!row.rules.isEmpty, "\(row.name)")
            for rule in row.rules {
                let parts = rule.split(separator: ", ", maxSplits: 1)
                let sections = parts[0] == "PROTOCOL.md" ? Self.publishedSections.map { $0[...] } : own
                #expect(sections.contains(parts[1]), "\(row.name): \(rule)")
            }
        }
    }

    @Test("each section of the wire that makes a rule has a row")
    func sections() throws {
        let wire = try #require(
            try Self.document().split(separator: "## The wire\n").last?.split(separator: "\n## ").first)
        let sections = wire.split(separator: "\n").filter { $0.hasPrefix("### ") }.map {
            "proto/README.md, " + $0.dropFirst(4)
        }
        let followed = Set((Table.serverRows + Table.clientRows).flatMap(\.rules))
        // The exchange is a row itself; what no bytes can show is told by the daemon's own tests.
        let others = ["A worked exchange", "Reflection and health", "Over TCP"]
        let missing = sections.filter { section in
            !followed.contains(section) && !others.contains { section.contains($0) }
        }
        #expect(missing == [])
    }

    @Test("our server answers the worked exchange byte for byte", arguments: [1, 2])
    func exchangeWithServer(loops: Int) async throws {
        let row = try Self.exchange()
        try await OurServer.run(loops: loops) { path in
            try await onThread {
                for cutting in Cutting.allCases { try RowRunner.run(row, cutting, againstServerAt: path) }
            }
        }
    }

    @Test("our client sends the worked exchange byte for byte")
    func exchangeWithClient() async throws {
        // What is told for each frame of the client, in their order.
        let commands = [
            "call a Echo : 0a026869", "call b Chat", "send b : 0a0161", "finish b",
            "call c Wait metadata=traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "cancel c",
        ]
        let row = try Self.exchange()
        let folder = try TemporaryFolder()
        let control = folder.file("control")
        let ready = try ControlPoint(at: control)
        async let obeying: Void = OurClient.obey(controlAt: control, on: Patience.loop)
        let sent = try await onThread {
            let client = try ready.client()
            let listener = try RawSocket.listen(at: folder.file("socket"))
            try client.tell("connect \(folder.file("socket"))")
            let socket = try listener.accept()
            var rest = commands[...]
            var sent: [[UInt8]] = []
            for step in row.steps {
                switch step {
                case .send:
                    let command = rest.popFirst()
                    try client.tell(try #require(command))
                    let frame = try socket.frame()
                    sent.append(try #require(frame).bytes)
                case .receive(let frames):
                    for case .bytes(let bytes) in frames.map(\.kind) { try socket.write(bytes) }
                default: break
                }
            }
            return sent
        }
        try await obeying
        let expected = row.steps.compactMap { if case .send(let bytes) = $0 { bytes.all } else { nil } }
        #expect(sent == expected)
        #expect(expected.count == commands.count)
    }

    private static func document() throws -> String {
        try String(decoding: Fixture.file(Fixture.path("../../proto/README.md")), as: UTF8.self)
    }

    private static func exchange() throws -> Row {
        let block = try #require(try document().split(separator: "```wire\n").last?.split(separator: "```").first)
        return try #require(try Row.parse("row worked-exchange\n\(block)", "proto/README.md").first)
    }
}
