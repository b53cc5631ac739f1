import CordeeAPI
import Glibc
import RPC
import TestKit
import Testing

/// A daemon that cannot start says why in one line that names the thing, and ends with 78 (sysexits.h: EX_CONFIG).
@Suite("A start that fails")
struct BadStartTests {
    @Test("a second daemon on the same data is refused, and the first one serves on")
    func sameData() async throws {
        let first = try await DaemonProcess.serving()
        let second = try DaemonProcess(settings: ["daemon.data": first.dataFolder])
        let line = try await failure(of: second)
        #expect(line.contains(first.dataFolder))
        _ = try await first.client().call(SystemMethods.getInfo, .init())
    }

    @Test("a second daemon on the same socket is refused, and the first one serves on")
    func sameSocket() async throws {
        let first = try await DaemonProcess.serving()
        let second = try DaemonProcess(settings: ["listen.socket": first.socketPath])
        let line = try await failure(of: second)
        #expect(line.contains(first.socketPath))
        _ = try await first.client().call(SystemMethods.getInfo, .init())
    }

    @Test(
        "a data folder that cannot be made or written is named",
        arguments: ["file/data", "/proc/cordee/data", "/proc/self"])
    func dataFolder(path: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("no folder".utf8), to: "file")
        let data = path.hasPrefix("/") ? path : "\(folder.path)/\(path)"
        let line = try await failure(of: try DaemonProcess(settings: ["daemon.data": data]))
        #expect(line.contains(path.hasPrefix("/") ? path.prefix(6) : "\(folder.path)/file"))
    }

    @Test("a socket path that is too long is named, with the bound")
    func longSocketPath() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        let line = try await failure(of: try DaemonProcess(settings: ["listen.socket": path]))
        #expect(line.contains(path))
        #expect(line.contains("107"))
    }

    @Test("a file at the socket's path that is no socket is named and kept")
    func foreignFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("precious".utf8), to: "cordee.sock")
        let line = try await failure(of: try DaemonProcess(in: folder))
        #expect(line.contains(path))
        #expect(try Fixture.file(path) == Array("precious".utf8))
    }

    @Test("a database of another program is named and kept")
    func foreignDatabase() async throws {
        let folder = try TemporaryFolder()
        #expect(mkdir("\(folder.path)/data", 0o700) == 0)
        let bytes = Array(String(repeating: "no database ", count: 1_000).utf8)
        let path = try folder.write(bytes, to: "data/cordee.db")
        let line = try await failure(of: try DaemonProcess(in: folder))
        #expect(line.contains("cordee.db"))
        #expect(try Fixture.file(path) == bytes)
    }

    @Test(
        "TCP without TLS beyond the machine itself is refused", arguments: ["0.0.0.0:0", "nonsense", "127.0.0.1:99999"])
    func clearTCP(address: String) async throws {
        let daemon = try DaemonProcess(settings: ["listen.tcp": address, "listen.tcp_clear_on_loopback": "true"])
        let line = try await failure(of: daemon)
        #expect(line.contains("listen.tcp"))
        #expect(line.contains(address))
    }

    @Test(
        "settings of TLS that lack one another are named",
        arguments: [
            (["listen.tls_certificate": "/x"], "listen.tls_key"), (["listen.tls_key": "/x"], "listen.tls_certificate"),
            (["listen.tls_client_ca": "/x"], "listen.tls_certificate"),
            (
                [
                    "listen.tls_certificate": "/x", "listen.tls_key": "/x",
                    "listen.tls_client_certificate": "required",
                ], "listen.tls_client_ca"
            ),
        ])
    func lackingTLS(settings: [String: String], missing: String) async throws {
        let daemon = try DaemonProcess(settings: settings.merging(["listen.tcp": "127.0.0.1:0"]) { $1 })
        #expect(try await failure(of: daemon).contains("\(missing) is missing"))
    }

    @Test("files of TLS that cannot be used are named, with the reason")
    func badCertificate() async throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        let (own, other) = (try authority.issue("own"), try authority.issue("other"))
        let letter = try folder.write("Dear reader", to: "letter.pem")
        for (certificate, key, words) in [
            (folder.file("none.pem"), own.key, ["none.pem", "No such file"]),
            (letter, own.key, ["letter.pem", "no certificate"]),
            (own.certificate, other.key, ["other.key", "not the key of"]),
        ] {
            let daemon = try DaemonProcess(settings: [
                "listen.tcp": "127.0.0.1:0", "listen.tls_certificate": certificate, "listen.tls_key": key,
            ])
            let line = try await failure(of: daemon)
            for word in words { #expect(line.contains(word)) }
        }
    }

    @Test("a socket group that does not exist is named")
    func unknownGroup() async throws {
        let line = try await failure(of: try DaemonProcess(settings: ["listen.socket_group": "no-such-group"]))
        #expect(line.contains("no-such-group"))
    }

    @Test("an unknown key is named with the nearest known one, a bad value with what it should be")
    func configuration() async throws {
        let unknown = try DaemonProcess(settings: ["rpc.conections_max": "5"])
        #expect(try await unknown.process.exitCode() == 78)
        let text = unknown.process.lines.joined(separator: "\n")
        #expect(text.contains("rpc.conections_max"))
        #expect(text.contains("did you mean rpc.connections_max?"))

        let bad = try DaemonProcess(settings: ["rpc.connections_max": "many"])
        #expect(try await bad.process.exitCode() == 78)
        #expect(bad.process.lines.joined(separator: "\n").contains("rpc.connections_max"))
    }

    @Test("a configuration file that is missing, is no TOML, or has an unknown key is named")
    func configurationFile() async throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write(Array("[rpc\n".utf8), to: "broken.toml")
        let unknown = try folder.write(Array("[store]\nqueue_maximum = 5\n".utf8), to: "unknown.toml")
        for (path, word) in [
            ("\(folder.path)/none.toml", "none.toml"), (broken, "not TOML"), (unknown, "store.queue_max?"),
        ] {
            let daemon = try DaemonProcess(arguments: ["--config", path])
            #expect(try await daemon.process.exitCode() == 78)
            let text = daemon.process.lines.joined(separator: "\n")
            #expect(text.contains(path))
            #expect(text.contains(word))
        }
    }

    @Test("the stale socket of a killed daemon is no obstacle")
    func staleSocket() async throws {
        let killed = try await DaemonProcess.serving()
        try await killed.kill()
        #expect(access(killed.socketPath, F_OK) == 0)
        let again = try await DaemonProcess.serving(in: killed.folder)
        _ = try await again.client().call(SystemMethods.getInfo, .init())
        #expect(try await again.terminate() == 0)
    }

    /// The line in which a daemon says why it does not start.
    private func failure(of daemon: DaemonProcess) async throws -> String {
        #expect(try await daemon.process.exitCode() == 78)
        return try #require(daemon.process.lines.first { $0.contains(" critical ") }, "\(daemon.process.lines)")
    }
}
