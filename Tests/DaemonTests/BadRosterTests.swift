import Archive
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("Broken rosters")
struct BadRosterTests {
    /// `oneroster_bad/expected.json`.
    private struct Expected: Decodable {
        struct Row: Decodable {
            var set, code, file: String
            var line: Int?
            var column: String?
        }
        var errors: [Row]
    }

    @Test("each of the fourteen sets gives its code, file, line and column, and changes nothing")
    func fourteen() async throws {
        let importer = try await Importer()
        let rows = try Fixture.json("oneroster_bad/expected.json", as: Expected.self).errors
        #expect(rows.count == 14)
        for row in rows {
            let zip = try Roster.zip("oneroster_bad/\(row.set)")
            if ["OK", "WARNING_BOM"].contains(row.code) {
                let response = try await importer.importRoster(zip, validateOnly: true)
                #expect(response.warnings.map(\.code) == (row.code == "OK" ? [] : [row.code]), "\(row.set)")
                #expect(response.warnings.allSatisfy { $0.file == row.file && Int($0.line) == row.line })
                continue
            }
            let status = try await importer.refusal(zip)
            #expect((status.code, status.reason) == (.failedPrecondition, "ROSTER_REJECTED"), "\(row.set)")
            let place = [row.file] + [row.line.map(String.init), row.column].compactMap { $0 }
            #expect(status.violations.map(\.reason) == [row.code], "\(row.set)")
            #expect(status.violations.map(\.field) == [place.joined(separator: ":")], "\(row.set)")
            #expect(status.metadata["code"] == row.code)
            #expect(status.metadata["line"] == row.line.map(String.init))
        }
        let people = try await importer.lead.call(DirectoryMethods.listPeople, .init())
        #expect(people.people.count == 1)
    }

    @Test("a zip bomb is refused before it unpacks, and the daemon serves on")
    func bomb() async throws {
        let importer = try await Importer()
        let zeros = [UInt8](repeating: 0x20, count: 20 << 20)
        let bomb = try ZipWriter.pack([("manifest.csv", zeros), ("users.csv", zeros)])
        #expect(bomb.count < 1 << 20)
        let status = try await importer.refusal(Data(bomb))
        #expect((status.code, status.reason) == (.invalidArgument, "ARCHIVE_REJECTED"))
        #expect(["RATIO_TOO_HIGH", "TOTAL_TOO_LARGE", "ENTRY_TOO_LARGE"].contains(status.metadata["code"] ?? ""))
        _ = try await importer.importRoster(try Roster.zip("oneroster_1.1"))
    }

    @Test("what is no zip, or a damaged one, is refused as such")
    func noZip() async throws {
        let importer = try await Importer()
        #expect(try await importer.refusal(Data("no zip".utf8)).metadata["code"] == "NOT_ZIP")
        let good = try Roster.zip("oneroster_1.2")
        let cut = try await importer.refusal(good.prefix(good.count / 2))
        #expect((cut.code, cut.reason) == (.invalidArgument, "ARCHIVE_REJECTED"))
        let many = try ZipWriter.pack((0..<100).map { ("file\($0).csv", [0x61]) })
        #expect(try await importer.refusal(Data(many)).metadata["code"] == "TOO_MANY_ENTRIES")
    }

    @Test("a row of a board that the import does not cover is refused with its line")
    func foreignBoard() async throws {
        let importer = try await Importer()
        let status = try await importer.refusal(
            try Roster.zip("oneroster_1.2"), boards: Array(importer.boards.prefix(1)))
        #expect(status.reason == "ROSTER_REJECTED")
        let foreign = status.violations.filter { $0.reason == "FOREIGN_BOARD" }
        #expect(foreign.contains { $0.field.hasPrefix("orgs.csv:3") })
        #expect(!foreign.contains { $0.field.hasPrefix("orgs.csv:2:") || $0.field == "orgs.csv:2" })
    }

    @Test("more than a tenth of a board's staff leaving needs a confirmation")
    func departures() async throws {
        let importer = try await Importer()
        _ = try await importer.importRoster(try Roster.zip("oneroster_1.2"))
        // Five of the 40 of b-csrb.
        let smaller = try Roster.zip(without: ["p-0013", "p-0014", "p-0015", "p-0016", "p-0017"])
        let status = try await importer.refusal(smaller)
        #expect((status.code, status.reason) == (.failedPrecondition, "CONFIRMATION_REQUIRED"))
        #expect(status.metadata[importer.boards[0]] == "5/40")
        let confirmed = try await importer.importRoster(smaller, isConfirmed: true)
        #expect(confirmed.people.deactivated == 5)
    }
}

/// The first lead of the three boards, before any roster.
private struct Importer {
    let daemon: DaemonProcess
    let lead: TestClient
    let boards: [String]

    init() async throws {
        daemon = try await DaemonProcess.serving()
        let founded = try await Scenario.bootstrap(try await daemon.client())
        lead = try await Scenario.exchange(founded.token, on: daemon)
        boards = founded.boards
    }

    private func request(_ zip: Data, _ boards: [String]?) -> CordeeDirectory_ImportRosterRequest {
        .with {
            $0.boards = boards ?? self.boards
            $0.roster = zip
        }
    }

    func importRoster(
        _ zip: Data, validateOnly: Bool = false, isConfirmed: Bool = false
    ) async throws -> CordeeDirectory_ImportRosterResponse {
        var request = request(zip, validateOnly ? Array(boards.prefix(1)) : nil)
        request.validateOnly = validateOnly
        request.confirmDepartures = isConfirmed
        return try await lead.call(DirectoryMethods.importRoster, request)
    }

    func refusal(_ zip: Data, boards: [String]? = nil) async throws -> Status {
        try await lead.refusal(of: DirectoryMethods.importRoster, request(zip, boards))
    }
}
