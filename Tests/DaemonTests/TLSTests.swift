import CordeeAPI
import EventLoop
import Glibc
import RPC
import SwiftProtobuf
import TLS
import TestKit
import Testing
import Wire

/// A daemon on TCP with TLS, and those who sign its certificate and its clients'.
struct SecureDaemon {
    let folder: TemporaryFolder
    let authority: TestAuthority
    let daemon: DaemonProcess
    var certificatePath: String { folder.file("served.pem") }

    static func serving(_ settings: [String: String] = [:]) async throws -> SecureDaemon {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        let served = try authority.issue("served")
        var all = [
            "listen.tcp": "127.0.0.1:0", "listen.tls_certificate": served.certificate, "listen.tls_key": served.key,
        ]
        all.merge(settings.mapValues { $0 == "AUTHORITY" ? authority.path : $0 }) { $1 }
        return SecureDaemon(
            folder: folder, authority: authority, daemon: try await DaemonProcess.serving(settings: all))
    }

    func client(
        trusting authority: TestAuthority? = nil, as identity: TestAuthority.Identity? = nil
    ) async throws -> TestClient {
        let context = try TLSClientContext(
            authorities: (authority ?? self.authority).path, identity: identity.map { ($0.certificate, $0.key) })
        return try await daemon.tcpClient(
            through: context.layer(host: "localhost", handshakeTimeout: Patience.limit))
    }

    /// By the Unix socket.
    func metric(_ name: String, reason: String? = nil) async throws -> Int64 {
        let all = try await daemon.client().call(MetricsMethods.listMetrics, .init()).metrics
        return all.first { $0.name == name && (reason == nil || $0.labels["reason"] == reason) }?.value ?? -1
    }

    func failures(_ reason: String) async throws -> Int64 {
        try await metric("cordee_tls_handshake_failures_total", reason: reason)
    }
}

@Suite("TCP with TLS")
struct TLSTests {
    @Test("a call is answered, on any address, and the handshake is counted")
    func call() async throws {
        let secure = try await SecureDaemon.serving(["listen.tcp": "0.0.0.0:0"])
        let line = try await secure.daemon.process.line(with: " notice ready")
        #expect(line.contains(#"certificate="CN=localhost""#))
        let digits = line.split(separator: "tcp:0.0.0.0:").last?.prefix { $0.isNumber } ?? ""
        let context = try TLSClientContext(authorities: secure.authority.path)
        let client = try await Client.connect(
            to: .tcp(host: "127.0.0.1", port: try #require(UInt16(digits))), on: Patience.loop,
            through: context.layer(host: "localhost", handshakeTimeout: Patience.limit))
        let info = try await client.call(SystemMethods.getInfo, .init())
        #expect(info.modules.count == 2)
        #expect(try await secure.metric("cordee_tls_handshakes_total") == 1)
        await client.close()
    }

    @Test("a verified client's subject is in the log of its calls")
    func subject() async throws {
        let secure = try await SecureDaemon.serving([
            "listen.tls_client_ca": "AUTHORITY", "listen.tls_client_certificate": "required", "log.level": "debug",
        ])
        let identity = try secure.authority.issue(
            "registrar", subject: [("O", "CSRB"), ("CN", "registrar")], hosts: [])
        let client = try await secure.client(as: identity)
        _ = try await client.call(SystemMethods.getInfo, .init())
        let line = try await secure.daemon.process.line(with: "CN=registrar,O=CSRB")
        #expect(line.contains("cordee.system.v1.System/GetInfo"))
    }

    @Test("SIGHUP brings a new certificate to new connections, and the old ones live on")
    func reload() async throws {
        let secure = try await SecureDaemon.serving()
        let old = try await secure.client()
        _ = try await old.call(SystemMethods.getInfo, .init())
        let next = try TestAuthority(named: "next", in: secure.folder)
        _ = try next.issue("served", subject: [("CN", "renewed")])
        secure.daemon.process.signal(SIGHUP)
        #expect(try await secure.daemon.process.line(with: "certificate read anew").contains("CN=renewed"))
        _ = try await secure.client(trusting: next).call(SystemMethods.getInfo, .init())
        _ = try await old.call(SystemMethods.getInfo, .init())
        await #expect(throws: ClientError.self) {
            try await secure.client().call(SystemMethods.getInfo, .init())
        }
    }

    @Test("a new certificate that cannot be used is told, and the old one is kept")
    func badReload() async throws {
        let secure = try await SecureDaemon.serving()
        try secure.folder.write("half a certif", to: "served.pem")
        secure.daemon.process.signal(SIGHUP)
        #expect(try await secure.daemon.process.line(with: "certificate kept").contains(secure.certificatePath))
        _ = try await secure.client().call(SystemMethods.getInfo, .init())
    }

    @Test("clients with a wrong certificate, an expired one or none are refused and counted; others notice nothing")
    func wrongClients() async throws {
        let secure = try await SecureDaemon.serving([
            "listen.tls_client_ca": "AUTHORITY", "listen.tls_client_certificate": "required",
        ])
        let good = try await secure.client(as: try secure.authority.issue("good", hosts: []))
        let expired = try secure.authority.issue("expired", hosts: [], validUntil: -60)
        let foreign = try TestAuthority(named: "stranger", in: secure.folder).issue("foreign", hosts: [])
        for identity in [expired, foreign, nil] {
            await #expect(throws: ClientError.self) {
                try await secure.client(as: identity).call(SystemMethods.getInfo, .init())
            }
            _ = try await good.call(SystemMethods.getInfo, .init())
        }
        #expect(try await secure.failures("certificate") == 3)
        #expect(try await secure.metric("cordee_tls_handshakes_total") == 1)
    }

    @Test("a client in clear on the TLS port is closed and counted; others notice nothing")
    func clearClient() async throws {
        let secure = try await SecureDaemon.serving()
        let good = try await secure.client()
        await #expect(throws: ClientError.self) {
            try await secure.daemon.tcpClient().call(SystemMethods.getInfo, .init())
        }
        try await Patience.until("it is counted") { try await secure.failures("protocol") == 1 ? () : nil }
        _ = try await good.call(SystemMethods.getInfo, .init())
    }

    @Test("connections that send one byte each are given up after the time-out; others are answered meanwhile")
    func slowClients() async throws {
        let secure = try await SecureDaemon.serving(["listen.tls_handshake_timeout": "300ms"])
        let port = try await secure.daemon.tcpPort()
        let sockets = try (0..<200).map { _ in try OneByteSocket(to: port) }
        let good = try await secure.client()
        for _ in 0..<20 { _ = try await good.call(SystemMethods.getInfo, .init()) }
        _ = try await Patience.until("all are counted") {
            try await secure.failures("timeout") == 200 ? true : nil
        }
        for socket in sockets { #expect(socket.isClosed) }
        _ = try await good.call(SystemMethods.getInfo, .init())
    }

    @Test("openssl s_client is served, with either version", arguments: ["-tls1_2", "-tls1_3"])
    func witness(version: String) async throws {
        let secure = try await SecureDaemon.serving()
        let request = try secure.folder.write(
            Frames.request(1, "cordee.system.v1.System/GetInfo"), to: "request")
        let (port, answer) = (try await secure.daemon.tcpPort(), secure.folder.file("answer"))
        let command = """
            exec openssl s_client -connect 127.0.0.1:\(port) -servername localhost -verify_hostname localhost \
            -verify_return_error -CAfile \(secure.authority.path) \(version) -quiet <\(request) >\(answer)
            """
        let process = try ChildProcess("/bin/sh", ["-c", command])
        // It stays for what more may come.
        let info = try await Patience.until("the whole answer") { () -> CordeeSystem_Info? in
            var decoder = FrameDecoder()
            var info: CordeeSystem_Info?
            let bytes = (try? secure.folder.read("answer")) ?? []
            _ = decoder.decode(bytes.span.bytes, framesMax: 1) { _, _, data in
                info = try? ResponseParser().parse(data) { response in
                    try? CordeeSystem_Info(serializedBytes: response.payload.withUnsafeBytes { Array($0) })
                }
            }
            return info
        }
        #expect(info.modules.map(\.name) == ["directory", "workshops"])
        process.signal(SIGTERM)
        _ = try await process.exitCode()
    }

    @Test("openssl s_client with TLS 1.1 is refused")
    func floor() async throws {
        let secure = try await SecureDaemon.serving()
        let port = try await secure.daemon.tcpPort()
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", "exec openssl s_client -connect 127.0.0.1:\(port) -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null"])
        #expect(try await process.exitCode() != 0)
        #expect(process.lines.contains { $0.contains("alert protocol version") })
        #expect(try await secure.failures("protocol") == 1)
    }
}

/// A socket that says one byte of a record and no more.
private final class OneByteSocket {
    private let fd: Int32

    init(to port: UInt16) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, 16) }
        }
        try #require(code == 0)
        try #require(send(fd, [0x16], 1, Int32(MSG_NOSIGNAL)) == 1)
    }

    deinit { close(fd) }

    /// Waits for the other end to close.
    var isClosed: Bool {
        var byte: UInt8 = 0
        return recv(fd, &byte, 1, 0) <= 0
    }
}
