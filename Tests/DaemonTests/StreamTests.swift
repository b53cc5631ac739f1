import Archive
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Streams of the daemon")
struct StreamTests {
    @Test("a watcher is told the health at once, and a daemon that stops does not wait for it")
    func watchEnds() async throws {
        let daemon = try await DaemonProcess.serving(settings: ["daemon.grace": "10m"])
        let client = try await daemon.client()
        var reports = try await client.client.serverStream(HealthMethods.watch, .init(), client.options())
            .makeAsyncIterator()
        #expect(try await reports.next()?.state == .serving)
        #expect(try await daemon.terminate() == 0)
        let end = await #expect(throws: Status.self) { while try await reports.next() != nil {} }
        #expect(end?.code == .unavailable && end?.reason == "SHUTTING_DOWN" && end?.retryDelay != nil)
    }

    @Test("a stream of people is what the pages of the list are, whatever a page holds", arguments: [0, 1, 7])
    func people(pageSize: Int32) async throws {
        let scenario = try await Scenario.start()
        let lead = scenario.lead
        let listed = try await lead.call(
            DirectoryMethods.listPeople, .with { ($0.parent, $0.pageSize) = (scenario.board, 1_000) })
        #expect(listed.people.count > 20 && listed.nextPageToken.isEmpty)
        let stream = try await lead.client.serverStream(
            DirectoryMethods.streamPeople, .with { ($0.parent, $0.pageSize) = (scenario.board, pageSize) },
            lead.options())
        var streamed: [CordeeDirectory_Person] = []
        for try await person in stream { streamed.append(person) }
        #expect(streamed == listed.people)
    }

    @Test("a stream is refused to whom its list is refused")
    func refusals() async throws {
        let scenario = try await Scenario.start()
        func end(_ client: TestClient, _ parent: String) async throws -> Status? {
            do {
                let stream = try await client.client.serverStream(
                    DirectoryMethods.streamPeople, .with { $0.parent = parent }, client.options())
                for try await _ in stream {}
                return nil
            } catch let status as Status { return status }
        }
        let nobody = try await scenario.daemon.client(token: "cordee-none")
        #expect(try await end(nobody, scenario.board)?.reason == "TOKEN_INVALID")
        let elsewhere = try await scenario.person("p-0001").client
        #expect(try await end(elsewhere, "boards/nowhere")?.code == .notFound)
        #expect(try await end(scenario.lead, "people")?.code == .invalidArgument)
    }

    @Test("a roster larger than a message is uploaded in pieces")
    func upload() async throws {
        let scenario = try await Scenario.start()
        // Bytes that no zip makes smaller, in a file that an import passes over.
        var random = Random(seed: 5)
        let padding = (0..<5 << 20).map { _ in UInt8.random(in: 0...255, using: &random) }
        let files = try Fixture.files(in: "oneroster_1.2").filter { $0.path.hasSuffix(".csv") }
        let zip = try ZipWriter.pack(files.map { (path: $0.path, bytes: $0.bytes) } + [("padding.bin", padding)])
        #expect(zip.count > 4 << 20)
        let response = try await Self.upload(zip, pieces: 100_000, to: scenario.boards, scenario.lead)
        #expect(response.people.unchanged > 20 && response.people.created == 0 && response.version == "1.2")
        #expect(response.warnings.map(\.code) == ["WARNING_UNKNOWN_FILE"])
    }

    @Test("an upload is refused as soon as it cannot become an import")
    func refusedUploads() async throws {
        let scenario = try await Scenario.start(settings: ["directory.roster_bytes_max": "100000"])
        let (lead, zip) = (scenario.lead, Array(try Roster.zip("oneroster_1.2")))
        func refusal(_ client: TestClient, _ zip: [UInt8], _ boards: [String]) async throws -> Status? {
            do {
                _ = try await Self.upload(zip, pieces: 1_000, to: boards, client)
                return nil
            } catch let status as Status { return status }
        }
        #expect(try await refusal(lead, [], [])?.violations.map(\.field) == ["boards"])
        #expect(try await refusal(lead, zip, [])?.violations.map(\.field) == ["boards"])
        #expect(try await refusal(lead, zip, ["boards/nowhere"])?.code == .notFound)
        #expect(
            try await refusal(lead, [UInt8](repeating: 0, count: 200_000), scenario.boards)?.reason
                == "ARCHIVE_REJECTED")
        #expect(try await refusal(scenario.facilitator, zip, scenario.boards)?.code == .permissionDenied)
    }

    @Test("who loses the role in the middle of a stream loses the stream")
    func revoked() async throws {
        let scenario = try await Scenario.start()
        let second = try await scenario.person("p-0003")
        let grant = try await scenario.lead.call(
            DirectoryMethods.grantRole,
            .with { ($0.scope, $0.person, $0.role) = (scenario.board, second.name, .boardLead) })
        let (requests, responses) = try await second.client.client.bothStreams(
            DirectoryMethods.uploadRoster, second.client.options())
        try await requests.send(.with { ($0.boards, $0.chunk) = ([scenario.board], Data("PK".utf8)) })
        _ = try await second.client.call(SystemMethods.whoAmI, .init())
        _ = try await scenario.lead.call(DirectoryMethods.revokeRole, .with { $0.name = grant.name })
        // The stream may be over before this leaves.
        try? await requests.send(.with { $0.chunk = Data("PK".utf8) })
        let end = await #expect(throws: Status.self) { for try await _ in responses {} }
        #expect(end?.code == .permissionDenied)
    }

    private static func upload(
        _ zip: [UInt8], pieces size: Int, to boards: [String], _ client: TestClient
    ) async throws -> CordeeDirectory_ImportRosterResponse {
        try await client.client.clientStream(DirectoryMethods.uploadRoster, client.options()) { requests in
            var rest = zip[...]
            var boards = boards
            while !rest.isEmpty {
                let request = CordeeDirectory_UploadRosterRequest.with {
                    ($0.boards, $0.chunk) = (boards, Data(rest.prefix(size)))
                }
                try await requests.send(request)
                rest = rest.dropFirst(size)
                boards = []
            }
        }
    }
}
