import Archive
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@testable import Daemon

@Suite("A person's data as an archive")
struct ExportMyDataTests {
    private static func archive(of client: TestClient) async throws -> [String: String] {
        let stream = try await client.client.serverStream(PrivacyMethods.exportMyData, .init(), client.options())
        var bytes: [UInt8] = []
        for try await message in stream { bytes += message.chunk }
        let files = try ZipReader().read(bytes)
        return Dictionary(uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }

    @Test("holds each record as JSON and in a sheet, the confirmed sessions as a calendar, and a page that explains")
    func content() async throws {
        let victim = try await Victim.start()
        try await victim.leaveTraces()
        let files = try await Self.archive(of: victim.client)
        #expect(
            Set(files.keys).isSuperset(of: [
                "README.txt", "data.jsonl", "calendar.ics", "directory.people.csv", "system.tokens.csv",
                "workshops.registrations.csv",
            ]))
        let people = try #require(files["directory.people.csv"]).split(separator: "\r\n")
        #expect(people.count == 2 && people[0].hasPrefix("name,") && people[1].contains(Victim.family))
        #expect(files["data.jsonl"]?.contains("{\"collection\":\"directory.people\",\"record\":{") == true)
        let lines = try #require(files["calendar.ics"]).split(separator: "\r\n")
        #expect(lines.first == "BEGIN:VCALENDAR" && lines.last == "END:VCALENDAR")
        #expect(lines.filter { $0 == "BEGIN:VEVENT" }.count == victim.workshop.sessions.count)
        #expect(lines.filter { $0.hasPrefix("UID:") }.count == victim.workshop.sessions.count)
        #expect(!files.values.contains { $0.contains(victim.client.token ?? "-") })
    }

    @Test("is refused beyond its bound, and counted")
    func tooLarge() async throws {
        let victim = try await Victim.start(settings: ["privacy.export_max": "1024"])
        try await victim.leaveTraces()
        await #expect(throws: (any Error).self) { _ = try await Self.archive(of: victim.client) }
        let metrics = try await victim.scenario.operator.call(MetricsMethods.listMetrics, .init()).metrics
        #expect(metrics.first { $0.name == "cordee_exports_refused_total" }?.value == 1)
    }

    @Test("is written by the client for its owner alone, and over no file that is there")
    func command() async throws {
        let victim = try await Victim.start()
        let folder = victim.scenario.daemon.folder
        let (token, output) = (folder.file("token"), folder.file("mine.zip"))
        try Data(try #require(victim.client.token).utf8).write(to: URL(filePath: token))
        let arguments = [
            "privacy", "my-data", "--output", output, "--socket", victim.scenario.daemon.socketPath,
            "--token-file", token,
        ]
        #expect(chmod(token, 0o600) == 0)
        let first = try ChildProcess(DaemonProcess.path(of: "cordee"), arguments, readsOutput: true)
        #expect(try await first.exitCode() == 0, "\(first.lines)")
        let files = try ZipReader().read(Array(Data(contentsOf: URL(filePath: output))))
        #expect(files.contains { $0.path == "data.jsonl" })
        var status = stat()
        #expect(stat(output, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let again = try ChildProcess(DaemonProcess.path(of: "cordee"), arguments, readsOutput: true)
        #expect(try await again.exitCode() != 0)
        #expect(try ZipReader().read(Array(Data(contentsOf: URL(filePath: output)))) == files)
    }
}

@Suite("A sheet of records")
struct RecordTableTests {
    @Test("has no cell that a spreadsheet would run, and each record whole")
    func formulas() throws {
        let words = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "plain", "a\"b,c\nd", "é"]
        let records = try words.map { word in
            "{\"text\":\(try Google_Protobuf_Value(stringValue: word).jsonString()),\"name\":\"n\"}"
        }
        let csv = try RecordTable(records).csv
        #expect(
            csv == "name,text\r\nn,'=1+1\r\nn,'+1\r\nn,'-1\r\nn,'@x\r\nn,'\t=1\r\nn,\"'\r=1\"\r\nn,plain\r\n"
                + "n,\"a\"\"b,c\nd\"\r\nn,é\r\n")
    }
}
