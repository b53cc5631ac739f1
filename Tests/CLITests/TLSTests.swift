import Metrics
import TLS
import TestSupport
import Testing

@testable import CordeeCLI

@Suite("cordee over TLS", .timeLimit(.minutes(10)))
struct TLSTests {
    private struct Run {
        let folder: TemporaryFolder
        let authority: TestAuthority
        let daemon: FakeDaemon

        func cordee(
            _ words: [String] = [], host: String = "localhost", environment: [String: String] = [:]
        ) async throws -> ClientProcess.Result {
            try await ClientProcess.run(
                ["--socket", "tls://\(host):\(daemon.port)", "--lang", "en", "cheeses", "list"] + words,
                environment: environment, in: folder)
        }
    }

    private func serving(
        _ clients: ClientCertificates = .none, _ body: (Run) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        let own = try authority.issue("own")
        let context = try TLSServerContext(
            TLSServerFiles(
                certificate: own.certificate, key: own.key, clientAuthorities: authority.path, clients: clients))
        let tls = TLSServer(context, handshakeTimeout: .seconds(60), metrics: MetricsRegistry())
        try await FakeDaemon.run(in: folder, tls: tls) { daemon in
            try await body(Run(folder: folder, authority: authority, daemon: daemon))
        }
    }

    @Test("a name or a numeric address is called, with the authority of an option or of the environment")
    func call() async throws {
        try await serving { run in
            let one = try await run.cordee(["--tls-ca", run.authority.path])
            #expect((one.exitCode, one.errors) == (0, "No results.\n"))
            let other = try await run.cordee(
                host: "127.0.0.1", environment: ["CORDEE_TLS_CA": run.authority.path])
            #expect((other.exitCode, other.errors) == (0, "No results.\n"))
        }
    }

    @Test("a daemon that shows another certificate than it should is not called, and the text says why")
    func untrusted() async throws {
        try await serving { run in
            let stranger = try TestAuthority(named: "stranger", in: run.folder)
            let result = try await run.cordee(["--tls-ca", stranger.path])
            #expect(result.exitCode == ExitCode.unavailable.rawValue)
            #expect(result.errors.contains("cannot be made secure: TLS: certificate verify failed"))
        }
    }

    @Test("a client's certificate is shown; without one the text says that it is missing")
    func identity() async throws {
        try await serving(.required) { run in
            let own = try run.authority.issue("me", hosts: [])
            let authority = ["--tls-ca", run.authority.path]
            let known = try await run.cordee(
                authority + ["--tls-certificate", own.certificate, "--tls-key", own.key])
            #expect((known.exitCode, known.errors) == (0, "No results.\n"))
            let unknown = try await run.cordee(authority)
            #expect(unknown.exitCode == ExitCode.unavailable.rawValue)
            #expect(unknown.errors.contains("certificate required"))
        }
    }

    @Test(
        "what is wrong on the command line is told before anything is sent",
        arguments: [
            (["--socket", "tls://host"], ExitCode.usage, "tls://host:port"),
            (["--socket", "tls://:1"], .usage, "tls://host:port"),
            (["--socket", "tls://::1:7"], .usage, "tls://[::1]:port"),
            (["--socket", "tls://a:70000"], .usage, "tls://host:port"),
            (["--socket", "tls://a:7", "--tls-key", "/x"], .usage, "--tls-certificate is missing"),
            (["--socket", "tls://a:7", "--tls-certificate", "/x"], .usage, "--tls-key is missing"),
            (["--socket", "tls://a:7", "--tls-ca", "/nothing.pem"], .invalidArgument, "/nothing.pem"),
        ])
    func wrong(_ options: [String], _ code: ExitCode, _ text: String) async throws {
        let result = try await ClientProcess.run(
            ["--lang", "en", "cheeses", "list"] + options, in: try TemporaryFolder())
        #expect(result.exitCode == code.rawValue)
        #expect(result.errors.contains(text))
    }

    @Test("addresses are read as they are written")
    func addresses() throws {
        #expect(try DaemonAddress("/run/x") == .unix(path: "/run/x"))
        #expect(try DaemonAddress("tls://board.example:7443") == .tls(host: "board.example", port: 7443))
        #expect(try DaemonAddress("tls://[::1]:1") == .tls(host: "::1", port: 1))
    }
}
