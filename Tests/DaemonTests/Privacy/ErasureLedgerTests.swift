import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import Glibc
import RPC
import SwiftProtobuf
import TestKit
import Testing

@Suite("The ledger of erasures")
struct ErasureLedgerTests {
    @Test("holds ids and an instant alone, for the daemon's user alone, and a changed or missing line stops the start")
    func forged() async throws {
        let victim = try await Victim.start()
        let other = try await victim.scenario.person("p-0014")
        _ = try await victim.erase()
        _ = try await victim.officer.call(PrivacyMethods.erasePerson, .with { $0.person = other.name })
        try await victim.scenario.daemon.terminate()
        let path = "\(victim.scenario.daemon.dataFolder)/erasures"
        let good = String(decoding: try Fixture.file(path), as: UTF8.self)
        let lines = good.split(separator: "\n")
        #expect(lines.count == 2)
        let id = try #require(victim.name.split(separator: "/").last)
        #expect(lines[0].wholeMatch(of: #/1 \d{16} [0-9a-z]{26} ([0-9a-z]{26}) [0-9a-z]{26} [0-9a-f]{64}/#)?.1 == id)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)

        let swapped = "\(lines[1])\n\(lines[0])\n"
        let changed = good.replacing(id, with: String(id.dropLast()) + (id.hasSuffix("0") ? "1" : "0"))
        for (text, line) in [(swapped, 1), (changed, 1), ("\(lines[1])\n", 1), ("\(lines[0])\nnonsense\n", 2)] {
            try Data(text.utf8).write(to: URL(filePath: path))
            let daemon = try DaemonProcess(in: victim.scenario.daemon.folder)
            #expect(try await daemon.process.exitCode() == 78)
            #expect(daemon.process.lines.contains { $0.contains("\(path): line \(line) is not what") })
        }
        // A line that was being written when the power went: cut off; the database knows the erasure, so it comes back.
        try Data("\(lines[0])\n\(lines[1].prefix(40))".utf8).write(to: URL(filePath: path))
        let daemon = try await DaemonProcess.serving(in: victim.scenario.daemon.folder)
        try await daemon.terminate()
        #expect(String(decoding: try Fixture.file(path), as: UTF8.self) == good)
        // The whole file was lost: the database knows.
        try FileManager.default.removeItem(atPath: path)
        try await DaemonProcess.serving(in: victim.scenario.daemon.folder).terminate()
        #expect(String(decoding: try Fixture.file(path), as: UTF8.self) == good)
    }

    @Test("that cannot be written: nothing is erased")
    func unwritable() async throws {
        let victim = try await Victim.start()
        let path = "\(victim.scenario.daemon.dataFolder)/erasures"
        #expect(mkdir(path, 0o700) == 0)
        let status = try await victim.officer.refusal(
            of: PrivacyMethods.erasePerson, .with { $0.person = victim.name })
        #expect((status.code, status.reason) == (.unavailable, "STORE_FAILING"))
        let seen = try await victim.officer.call(DirectoryMethods.getPerson, .with { $0.name = victim.name })
        #expect(seen.email == Victim.email)
        #expect(rmdir(path) == 0)
        #expect(try await victim.erase().state == .done)
    }
}
