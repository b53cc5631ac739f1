import Calendar
import CordeeAPI
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("The chain of the log of events", .timeLimit(.minutes(10)))
struct AuditTests {
    /// A stopped daemon that has done something, and the anchor of its log.
    private struct Stopped {
        let daemon: DaemonProcess
        let anchor: String
        var folder: String { daemon.folder.path }
        var database: String { "\(daemon.dataFolder)/cordee.db" }

        init(settings: [String: String] = [:]) async throws {
            let scenario = try await Scenario.start(settings: settings)
            for _ in 0..<5 { _ = try await scenario.workshop() }
            anchor = try await scenario.operator.call(AuditMethods.getAnchor, .init()).text
            daemon = scenario.daemon
            #expect(try await daemon.terminate() == 0)
        }

        /// `cordeed audit verify`: how it ends and what it says.
        func verify(anchored: Bool = false, _ arguments: [String] = []) async throws -> (code: Int32, text: String) {
            var all = ["audit", "verify", "--data", daemon.dataFolder, "--lang", "en"] + arguments
            if anchored {
                let path = "\(folder)/anchor"
                try Self.write("Nov 24 cordeed: notice \(anchor)\n", to: path)
                all += ["--anchor", path]
            }
            let process = try ChildProcess(DaemonProcess.path(of: "cordeed"), all, readsOutput: true)
            return (try await process.exitCode(), process.lines.joined(separator: "\n"))
        }

        private static func write(_ text: String, to path: String) throws {
            let file = try #require(fopen(path, "w"))
            fputs(text, file)
            fclose(file)
        }
    }

    @Test("a log that nobody altered is intact, with and without an anchor, in a copy too")
    func intact() async throws {
        let stopped = try await Stopped()
        let plain = try await stopped.verify()
        #expect(plain.code == 0 && plain.text.contains("Without an anchor nothing proves"))
        #expect(plain.text.contains(stopped.anchor))
        let anchored = try await stopped.verify(anchored: true)
        #expect(anchored.code == 0 && anchored.text.contains("nothing is missing up to the anchor's row"))
    }

    @Test("what was done to the log is found, a cut tail with an anchor only", arguments: LogTampering.allCases)
    func tampering(kind: LogTampering) async throws {
        let stopped = try await Stopped()
        let row = try await kind.apply(to: stopped.database)
        let plain = try await stopped.verify()
        let anchored = try await stopped.verify(anchored: true)
        let expected =
            switch kind {
            case .deletedRow: "Rows \(row) to \(row) are missing."
            case .cutBeginning: "Rows 1 to "
            case .forgedCheckpoint: "did not sign this checkpoint"
            case .cutTail: "The tail was cut off"
            default: "Row \(row) was altered, added or moved."
            }
        #expect(plain.code == (kind == .cutTail ? 0 : 1), "\(plain.text)")
        #expect(plain.text.contains(expected) == (kind != .cutTail), "\(plain.text)")
        #expect(anchored.code == 1 && anchored.text.contains(expected), "\(anchored.text)")
    }

    @Test("a daemon does not seal anew what somebody has taken the codes from")
    func noSecondSeal() async throws {
        let stopped = try await Stopped()
        _ = try await LogTampering.codesTakenAway.apply(to: stopped.database)
        let again = try await DaemonProcess.serving(in: stopped.daemon.folder)
        let found = try await again.client().call(AuditMethods.verifyLog, .init())
        #expect(!found.intact && found.finding == "ALTERED")
    }

    @Test("a daemon whose log was chained with a key that is not there does not start")
    func lostKey() async throws {
        let stopped = try await Stopped()
        #expect(unlink("\(stopped.daemon.dataFolder)/audit.key") == 0)
        let refused = try DaemonProcess(in: stopped.daemon.folder)
        let ended = await #expect(throws: ChildProcess.Ended.self) { try await refused.ready() }
        #expect(ended?.exitCode == 78)
        #expect(ended?.lines.contains { $0.contains("audit.key") && $0.contains("put the file back") } == true)
    }

    @Test("a serving daemon verifies its log, finds it intact, and finds what another process alters")
    func whileServing() async throws {
        let scenario = try await Scenario.start()
        let anchor = try await scenario.operator.call(AuditMethods.getAnchor, .init()).text
        let before = try await scenario.operator.call(AuditMethods.verifyLog, .with { $0.anchor = anchor })
        #expect(before.intact && before.anchored && before.rows > 5)
        let row = try await LogTampering.alteredRow.apply(to: "\(scenario.daemon.dataFolder)/cordee.db")
        let after = try await scenario.operator.call(AuditMethods.verifyLog, .with { $0.anchor = anchor })
        #expect(!after.intact && after.finding == "ALTERED" && after.rows == Int64(row - 1))
        for (command, code) in [(["verify"], Int32(1)), (["list"], 0), (["anchor"], 0)] {
            let process = try ChildProcess(
                DaemonProcess.path(of: "cordee"),
                ["--socket", scenario.daemon.socketPath, "--lang", "en", "audit"] + command, readsOutput: true)
            #expect(try await process.exitCode() == code, "\(command) \(process.lines)")
            let word = ["verify": "ALTERED", "list": "system.log.began.v1", "anchor": "cordee-anchor log="][command[0]]
            #expect(process.lines.contains { $0.contains(word ?? "?") }, "\(process.lines)")
        }
        let bad = try await scenario.operator.refusal(of: AuditMethods.verifyLog, .with { $0.anchor = "nothing" })
        #expect(bad.code == .invalidArgument)
    }

    @Test("old events are given up, the rest still verifies, and a token of before is refused")
    func retention() async throws {
        let start = Timestamp(seconds: 1_795_528_800)
        let scenario = try await Scenario.start(settings: ["events.keep": "1h"], clockStart: start)
        let anchor = try await scenario.operator.call(AuditMethods.getAnchor, .init()).text
        let stream = try await scenario.lead.client.serverStream(
            EventsMethods.watch, .with { $0.fromBeginning = true }, scenario.lead.options())
        var messages = stream.makeAsyncIterator()
        let token = try #require(try await messages.next()).resumeToken
        try scenario.daemon.clock().set(start + .seconds(3 * 3_600))
        let kept = try await scenario.workshop(isPublished: false).name
        try await Patience.until("old events are given up") {
            let left = try await scenario.lead.call(EventsMethods.listEvents, .init()).events
            return left.map(\.subject) == [kept] ? () : nil
        }
        let found = try await scenario.operator.call(AuditMethods.verifyLog, .with { $0.anchor = anchor })
        #expect(found.intact && found.rows == 1)
        let status = await #expect(throws: Status.self) {
            let late = try await scenario.lead.client.serverStream(
                EventsMethods.watch, .with { $0.resumeToken = token }, scenario.lead.options())
            for try await _ in late {}
        }
        #expect(status?.code == .outOfRange && status?.reason == "WATCH_TOKEN_TOO_OLD")
        #expect(try await scenario.daemon.terminate() == 0)
    }

    @Test("the anchor is written to the service's log at the start, then at intervals when there was something new")
    func anchorsInTheLog() async throws {
        let scenario = try await Scenario.start(settings: ["audit.anchor_interval": "1ms"])
        _ = try await scenario.workshop()
        let anchor = try await scenario.operator.call(AuditMethods.getAnchor, .init()).text
        _ = try await scenario.daemon.process.line(with: anchor)
        #expect(try await scenario.daemon.terminate() == 0)
        let anchors = scenario.daemon.process.lines.filter { $0.contains("cordee-anchor") }
        #expect(Set(anchors.map { $0.split(separator: "seq=").last ?? "" }).count == anchors.count)
    }
}
