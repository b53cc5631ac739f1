import Archive
import TestKit
import Testing

/// Programs of others talk to the daemon: what our own client and server agree on by mistake shows here.
@Suite("The protocol is ttrpc")
struct ConformanceTests {
    @Test("the stock Go client of containerd calls, is refused, sends metadata, waits no longer than its deadline")
    func go() async throws {
        let folder = try TemporaryFolder()
        let program = try await GoProgram.build("main.go", in: folder)
        let roster = try folder.write(try ZipWriter.pack(Fixture.files(in: "oneroster_1.2")), to: "roster.zip")
        let daemon = try await DaemonProcess.serving()
        let client = try ChildProcess(program, [daemon.socketPath, roster])
        #expect(try await client.exitCode() == 0, "\(client.lines.joined(separator: "\n"))")
        #expect(client.lines == ["conforms"])
    }
}
