import EventLoop
import TestSupport
import Testing

@testable import TLS

@Suite("TLS: who is let in", .timeLimit(.minutes(10)))
struct HandshakeTests {
    @Test("bytes written before the handshake arrive after it, both ways")
    func exchange() async throws {
        let world = try World()
        let client = try await world.connect()
        await client.write(Array("hello".utf8))
        let server = try await world.accepted.next()
        #expect(try await server.read(5) == Array("hello".utf8))
        await server.write(Array("good day".utf8))
        #expect(try await client.read(8) == Array("good day".utf8))
        #expect(await client.perform { $0.unsentByteCount } == 0)
        #expect(world.handshakes == 1)
        await client.close()
        #expect(try await server.end() == .eof)
    }

    @Test("a numeric address is verified as one")
    func numericHost() async throws {
        let world = try World()
        let client = try await world.connect(host: "127.0.0.1")
        await client.write([7])
        #expect(try await world.accepted.next().read(1) == [7])
    }

    @Test("the subject and the fingerprint of a verified client are known with its first bytes")
    func subject() async throws {
        let world = try World(.init(clients: .required))
        let client = try await world.connect(as: "client")
        await client.write([1])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        let certificate = try #require(await server.perform { $0.certificate })
        #expect(certificate.subject == "CN=registrar,O=CSRB")
        #expect(certificate.fingerprint.count == 32)
        // Of the other end: the client sees the server's.
        #expect(await client.perform { $0.certificate }?.subject == "CN=localhost")
    }

    @Test("a subject is escaped as RFC 4514 says, and stays readable")
    func escapes() throws {
        let folder = try TemporaryFolder()
        let made = try TestAuthority(in: folder).issue(
            "odd", subject: [("C", "CA"), ("O", "Éducation + Cie"), ("CN", "Éloïse, registraire")])
        let context = try TLSServerContext(TLSServerFiles(certificate: made.certificate, key: made.key))
        #expect(context.subject == #"CN=Éloïse\, registraire,O=Éducation \+ Cie,C=CA"#)
    }

    @Test("clients may have no certificate when it is optional")
    func optional() async throws {
        let world = try World(.init(clients: .optional))
        let client = try await world.connect()
        await client.write([1])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        #expect(await server.perform { $0.certificate } == nil)
    }

    @Test(
        "a client's certificate that is not good ends the handshake, and both ends learn why",
        arguments: [
            (nil, ClientCertificates.required, "did not return a certificate", "certificate required"),
            ("expired", .optional, "certificate has expired", "certificate expired"),
            ("foreign", .optional, "unable to get local issuer", "unknown ca"),
        ] as [(String?, ClientCertificates, String, String)])
    func badClient(_ identity: String?, _ mode: ClientCertificates, _ here: String, _ there: String)
        async throws
    {
        let world = try World(.init(clients: mode))
        let client = try await world.connect(as: identity)
        let server = try await world.accepted.next()
        #expect(reason(try await server.end()).contains(here))
        #expect(reason(try await client.end()).contains(there))
        #expect(world.failures("certificate") == 1)
        #expect(world.handshakes == 0)
    }

    @Test(
        "a server's certificate that is not good is refused by the client, which tells the server",
        arguments: [
            (3_600, "stranger.pem", "localhost", "unable to get local issuer"),
            (-60, "authority.pem", "localhost", "certificate has expired"),
            (3_600, "authority.pem", "example.org", "hostname mismatch"),
            (3_600, "authority.pem", "127.0.0.2", "IP address mismatch"),
            (3_600, "authority.pem", "", "hostname mismatch"),
        ])
    func badServer(_ expiresIn: Int, _ authority: String, _ host: String, _ why: String) async throws {
        let world = try World(.init(serverExpiresIn: expiresIn))
        let client = try await world.connect(authority: world.folder.file(authority), host: host)
        await client.write(Array("a secret".utf8))
        #expect(reason(try await client.end()).contains(why))
        let server = try await world.accepted.next()
        #expect(reason(try await server.end()).contains("alert"))
        #expect(world.handshakes == 0)
    }

    @Test(
        "plain bytes are no TLS: the connection fails and is counted",
        arguments: ["GET / HTTP/1.1\r\n\r\n", "\0\0\0\u{10}\0\0\0\u{1}\u{1}\0 a request in clear"])
    func plainBytes(_ text: String) async throws {
        let world = try World()
        let socket = try PlainSocket(to: world.port)
        try socket.send(Array(text.utf8))
        let server = try await world.accepted.next()
        guard case .failed = try await server.end() else {
            Issue.record("not failed")
            return
        }
        await server.close()
        // At most an alert: seven bytes.
        #expect(socket.rest().count <= 7)
        #expect(world.failures("protocol") == 1)
    }

    @Test("who connects and says nothing is given up after the time-out")
    func timeout() async throws {
        let world = try World(.init(handshakeTimeout: .milliseconds(50)))
        let socket = try PlainSocket(to: world.port)
        let server = try await world.accepted.next()
        #expect(reason(try await server.end()).contains("took too long"))
        await server.close()
        #expect(socket.rest().isEmpty)
        #expect(world.failures("timeout") == 1)
    }

    @Test("the time-out is the handshake's: a connection lives on after it")
    func timeoutOver() async throws {
        let world = try World(.init(handshakeTimeout: .milliseconds(400)))
        let client = try await world.connect()
        await client.write([1])
        let server = try await world.accepted.next()
        _ = try await server.read(1)
        await withCheckedContinuation { continuation in
            world.loop.execute { [loop = world.loop] in
                loop.schedule(after: .milliseconds(500)) { continuation.resume() }
            }
        }
        await client.write([2])
        #expect(try await server.read(1) == [2])
    }

    @Test("a connection that ends in the handshake is a fault of the protocol")
    func earlyEnd() async throws {
        let world = try World()
        do { _ = try PlainSocket(to: world.port) }
        let server = try await world.accepted.next()
        #expect(reason(try await server.end()).contains("in the handshake"))
        #expect(world.failures("protocol") == 1)
    }

    @Test("a new certificate is for new connections; the open one lives on")
    func reload() async throws {
        let world = try World()
        let old = try await world.connect()
        await old.write([1])
        let oldServer = try await world.accepted.next()
        _ = try await oldServer.read(1)
        let next = try TestAuthority(named: "next", in: world.folder)
        let made = try next.issue("renewed", subject: [("CN", "renewed")])
        world.server.replace(
            try TLSServerContext(TLSServerFiles(certificate: made.certificate, key: made.key)))
        let new = try await world.connect(authority: next.path)
        await new.write([2])
        _ = try await world.accepted.next().read(1)
        #expect(await new.perform { $0.certificate }?.subject == "CN=renewed")
        await old.write([3])
        #expect(try await oldServer.read(1) == [3])
        // Who trusts the old authority alone does not come in any more.
        #expect(reason(try await world.connect().end()).contains("issuer"))
    }
}
