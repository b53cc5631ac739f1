import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Reading the log of events", .timeLimit(.minutes(10)))
struct EventWatchTests {
    @Test("a watcher who comes back with a token misses nothing and sees nothing twice, also after a crash")
    func resumes() async throws {
        let scenario = try await Scenario.start()
        var seen: [String] = []
        var token = try await Self.token(scenario.facilitator)
        var made: [String] = []
        for round in 0..<4 {
            // In later rounds some come before the watcher is there, and some while it is.
            for _ in 0..<round { made.append(try await scenario.workshop(isPublished: false).name) }
            async let late = scenario.workshop(isPublished: false).name
            let (events, next) = try await Self.events(round + 1, after: token, scenario.facilitator)
            made.append(try await late)
            seen += events.map(\.subject)
            token = next
        }
        #expect(seen == made)

        let before = try await scenario.workshop(isPublished: false).name
        try await scenario.daemon.kill()
        let again = try await DaemonProcess.serving(in: scenario.daemon.folder)
        let secret = try #require(scenario.facilitator.token)
        let client = try await again.client(token: secret)
        let (events, _) = try await Self.events(1, after: token, client)
        #expect(events.map(\.subject) == [before])
    }

    @Test("a watcher is told at once, and sees what is for all staff of their board, what concerns them, and no more")
    func sight() async throws {
        let scenario = try await Scenario.start()
        let person = try await scenario.person("p-0003")
        let token = try await Self.token(person.client)
        let draft = try await scenario.workshop(isPublished: false)
        let workshop = try await scenario.workshop()
        let other = try await scenario.person("p-0004")
        _ = try await other.register(in: workshop.name)
        let own = try await person.register(in: workshop.name)
        let seen = try await Self.events(2, after: token, person.client).0
        #expect(seen.map(\.type) == ["workshops.workshop.published.v1", "workshops.registration.confirmed.v1"])
        #expect(seen.map(\.subject) == [workshop.name, own.name])
        #expect(seen.allSatisfy { $0.sequence == 0 })

        let all = try await Self.list(scenario.lead, of: scenario.board)
        #expect(all.contains { $0.subject == draft.name })
        #expect(all.filter { $0.type == "workshops.registration.confirmed.v1" }.count == 2)
        let listed = try await Self.list(person.client, of: scenario.board)
        #expect(!listed.contains { $0.subject == draft.name })
        let concerned = listed.filter { $0.type.hasPrefix("workshops.registration") }
        #expect(concerned.map(\.subject) == [own.name])

        let elsewhere = try await person.client.refusal(
            of: EventsMethods.listEvents, .with { $0.parent = scenario.boards[1] })
        #expect(elsewhere.code == .notFound)
        let operators = try await Self.list(scenario.operator, of: "")
        #expect(operators.map(\.type) == ["system.log.began.v1"])
    }

    @Test("a list in small pages is the list in one page")
    func pages() async throws {
        let scenario = try await Scenario.start()
        for _ in 0..<6 { _ = try await scenario.workshop() }
        let whole = try await Self.list(scenario.lead, of: "")
        let pieces = try await Self.list(scenario.lead, of: "", pageSize: 2)
        #expect(whole.count > 12 && pieces == whole)
    }

    @Test("a token that is none, of another log, or of another daemon is refused with the reason")
    func badTokens() async throws {
        let scenario = try await Scenario.start()
        let other = try await Scenario.start()
        let foreign = try await Self.token(other.facilitator)
        for (token, code, reason) in [
            ("x", StatusCode.invalidArgument, "BAD_REQUEST"),
            (foreign, .failedPrecondition, "WATCH_TOKEN_OF_OTHER_LOG"),
        ] {
            let status = await #expect(throws: Status.self) {
                _ = try await Self.events(1, after: token, scenario.facilitator)
            }
            #expect(status?.code == code && status?.reason == reason)
        }
    }

    // MARK: -

    /// The token of now.
    private static func token(_ client: TestClient) async throws -> String {
        try await events(0, after: "", client).1
    }

    /// The next events, and the token behind them.
    private static func events(
        _ count: Int, after token: String, _ client: TestClient
    ) async throws -> ([CordeeSystem_LoggedEvent], String) {
        let stream = try await client.client.serverStream(
            EventsMethods.watch, .with { $0.resumeToken = token }, client.options())
        var messages = stream.makeAsyncIterator()
        var (events, last): ([CordeeSystem_LoggedEvent], String) = ([], token)
        repeat {
            let message = try #require(try await messages.next())
            events += message.events
            last = message.resumeToken
        } while events.count < count
        return (events, last)
    }

    private static func list(
        _ client: TestClient, of board: String, pageSize: Int32 = 1_000
    ) async throws -> [CordeeSystem_LoggedEvent] {
        var events: [CordeeSystem_LoggedEvent] = []
        var request = CordeeSystem_ListEventsRequest.with { ($0.parent, $0.pageSize) = (board, pageSize) }
        repeat {
            let page = try await client.call(EventsMethods.listEvents, request)
            events += page.events
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return events
    }
}
