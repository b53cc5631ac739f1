import COpenSSL
import EventLoop
import TestSupport
import Testing

@testable import TLS

/// Two ends without a socket.
struct EnginePair {
    let folder: TemporaryFolder
    let server: Engine
    let client: Engine

    /// - Parameter versions: the least and greatest that the client offers.
    init(versions: ClosedRange<Int32> = TLS1_2_VERSION...TLS1_3_VERSION) throws {
        folder = try TemporaryFolder()
        let authority = try TestAuthority(in: folder)
        let own = try authority.issue("server")
        let serving = try TLSServerContext(TLSServerFiles(certificate: own.certificate, key: own.key))
        let calling = try TLSClientContext(authorities: authority.path)
        // Then the floor alone decides.
        for context in [serving.secure, calling.secure] { SSL_CTX_set_security_level(context.raw, 0) }
        SSL_CTX_ctrl(calling.secure.raw, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(versions.lowerBound), nil)
        SSL_CTX_ctrl(calling.secure.raw, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(versions.upperBound), nil)
        (server, client) = (
            Engine(serving.secure, .server), Engine(calling.secure, .client(host: "localhost"))
        )
    }

    /// Brings what one end has to say to the other, in pieces.
    @discardableResult
    static func carry(
        from sender: Engine, to receiver: Engine, in pieces: (Int) -> Int, _ piece: () -> Void
    ) -> Bool {
        var bytes: [UInt8] = []
        sender.takeOutput { span in bytes = span.withUnsafeBytes { Array($0) } }
        let any = !bytes.isEmpty
        while !bytes.isEmpty {
            let count = min(max(pieces(bytes.count), 1), bytes.count)
            let part = Array(bytes[..<count])
            receiver.feed(part.span.bytes)
            bytes.removeFirst(count)
            piece()
        }
        return any
    }

    /// Shakes hands; gives the first failure.
    func shakeHands(in pieces: (Int) -> Int = { $0 }) -> (server: TLSFailure?, client: TLSFailure?) {
        var (isServerDone, isClientDone) = (false, false)
        var failures: (server: TLSFailure?, client: TLSFailure?)
        func step(_ engine: Engine, _ isDone: inout Bool, _ failure: inout TLSFailure?) {
            guard !isDone, failure == nil else { return }
            switch engine.handshake() {
            case .done: isDone = true
            case .wantsMore: break
            case .failed(let why): failure = why
            }
        }
        step(client, &isClientDone, &failures.client)
        while true {
            let there = Self.carry(from: client, to: server, in: pieces) {
                step(server, &isServerDone, &failures.server)
            }
            let back = Self.carry(from: server, to: client, in: pieces) {
                step(client, &isClientDone, &failures.client)
            }
            if !there, !back { return failures }
        }
    }
}

@Suite("TLS without a socket", .timeLimit(.minutes(10)))
struct EngineTests {
    @Test(
        "both versions are spoken",
        arguments: [(TLS1_2_VERSION, "TLSv1.2"), (TLS1_3_VERSION, "TLSv1.3")])
    func versions(_ version: Int32, _ name: String) throws {
        let pair = try EnginePair(versions: version...version)
        let failures = pair.shakeHands()
        #expect(failures.server == nil && failures.client == nil)
        #expect(pair.server.version == name)
    }

    @Test("TLS 1.1 is below the floor")
    func floor() throws {
        let pair = try EnginePair(versions: TLS1_VERSION...TLS1_1_VERSION)
        let failures = pair.shakeHands()
        #expect(failures.server == .protocolFault("unsupported protocol"))
        #expect(failures.client == .protocolFault("tlsv1 alert protocol version"))
    }

    @Test("bytes may come in any pieces", arguments: UInt64(0)..<30)
    func split(seed: UInt64) throws {
        var random = Random(seed: seed)
        let pair = try EnginePair(
            versions: seed % 2 == 0 ? TLS1_2_VERSION...TLS1_2_VERSION : TLS1_3_VERSION...TLS1_3_VERSION)
        let failures = pair.shakeHands { Int.random(in: 1...min($0, 300), using: &random) }
        #expect(failures.server == nil && failures.client == nil)
        let scratch = Scratch()
        for (sender, receiver) in [(pair.client, pair.server), (pair.server, pair.client)] {
            let sent = random.bytes(Int.random(in: 1...70_000, using: &random))
            var got: [UInt8] = []
            #expect(sender.write(sent.span.bytes) == nil)
            let pieces = { (left: Int) in Int.random(in: 1...min(left, 20_000), using: &random) }
            EnginePair.carry(from: sender, to: receiver, in: pieces) {
                while case .bytes = receiver.read(into: scratch) {
                    scratch.take { got += $0.withUnsafeBytes { Array($0) } }
                }
            }
            #expect(got == sent)
        }
    }

    @Test("a changed byte of a record is found", arguments: UInt64(0)..<8)
    func changed(seed: UInt64) throws {
        var random = Random(seed: seed)
        let pair = try EnginePair()
        _ = pair.shakeHands()
        #expect(pair.client.write(random.bytes(100).span.bytes) == nil)
        var record: [UInt8] = []
        pair.client.takeOutput { record = $0.withUnsafeBytes { Array($0) } }
        record[Int.random(in: 5..<record.count, using: &random)] ^= 1
        pair.server.feed(record.span.bytes)
        guard case .failed(.protocolFault) = pair.server.read(into: Scratch()) else {
            Issue.record("taken")
            return
        }
    }

    @Test("random bytes never do more than fail", arguments: UInt64(0)..<50)
    func garbage(seed: UInt64) throws {
        var random = Random(seed: seed)
        let pair = try EnginePair()
        pair.server.feed(random.bytes(Int.random(in: 1...400, using: &random)).span.bytes)
        switch pair.server.handshake() {
        case .done: Issue.record("a handshake of noise")
        case .wantsMore, .failed: break
        }
    }
}
