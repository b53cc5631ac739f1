import CordeeAPI
import Daemon
import Logging
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing
import Threading
import WorkshopsAPI

/// What callers write must never be taken for what the daemon says.
@Suite("Hostile words")
struct HostileInputTests {
    /// Ends a line and begins one; colours; turns the direction; ends a line in Unicode's way; not to be seen; a quote that
    /// is no quote to who compares characters.
    static let words = [
        "x\n2026-01-01T00:00:00Z critical forged", "x\r\nforged", "\u{1B}[2J\u{1B}[31mforged", "\u{202E}degrof",
        "a\u{2028}forged", "a\u{2066}b\u{200B}c\u{FEFF}", "\"\u{301},\"forged\":\"1", "=\u{301}a b", "\u{85}forged",
        "\u{9B}31m", "\u{7F}\u{8}\u{0}", "\u{E0041}",
    ]

    private static func isHarmless(_ line: String) -> Bool {
        line.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test("are one harmless word or string in a line of the log, in text and in JSON", arguments: words)
    func lines(word: String) throws {
        for format in [LineLogHandler.Format.text, .json] {
            let handler = LineLogHandler(label: "x", format: format, level: Lock(.trace), now: { .min })
            let line = handler.line(.info, word, ["key": "\(word)", "other": "1"])
            #expect(Self.isHarmless(line), "\(line.debugDescription)")
            guard format == .json else { continue }
            let fields = try Google_Protobuf_Struct(jsonString: line).fields
            #expect(Set(fields.keys) == ["time", "level", "message", "key", "other"])
        }
    }

    @Test(
        "in names, metadata and JSON reach no line of the log as they are, and end nobody's calls",
        arguments: ["text", "json"])
    func daemon(format: String) async throws {
        let daemon = try DaemonProcess(settings: ["log.level": "trace", "log.format": format])
        _ = try await daemon.process.line(with: format == "json" ? "\"message\":\"ready" : " notice ready")
        let neighbour = try await daemon.client()
        for word in Self.words {
            let peer = try await RawPeer(to: daemon.socketPath)
            peer.send(Frames.request(1, "cordee.system.v1.System/a\(word)"))
            peer.send(Frames.request(3, "\(word)a/GetInfo"))
            let metadata = [
                ("traceparent", word), ("authorization", "Bearer \(word)"), ("accept-language", word),
                ("idempotency-key", word), ("content-type", word), (word, word),
            ]
            for (number, pair) in metadata.enumerated() {
                peer.send(Frames.request(UInt32(5 + 2 * number), "cordee.system.v1.System/GetInfo", metadata: [pair]))
            }
            for _ in 0..<(2 + metadata.count) { _ = try #require(await peer.next()) }
            peer.close()
            let json = try Google_Protobuf_Value(stringValue: word).jsonString()
            _ = try await neighbour.code(of: "cordee.workshops.v1.Workshops/GetWorkshop", "{\"name\":\(json)}")
            _ = try await neighbour.code(of: "cordee.workshops.v1.Workshops/GetWorkshop", "{\(json):1}")
        }
        _ = try await neighbour.call(SystemMethods.getInfo, .init())
        #expect(try await daemon.terminate() == 0)
        #expect(daemon.process.lines.count > Self.words.count)
        for line in daemon.process.lines {
            #expect(Self.isHarmless(line) && !line.hasPrefix("forged"), "\(line.debugDescription)")
            let begins = format == "json" ? line.hasPrefix("{\"time\":\"20") : line.hasPrefix("20")
            #expect(begins && !line.hasPrefix("2026-01-01"), "\(line.debugDescription)")
        }
    }

    @Test("metadata beyond its bounds are refused, and no word of them is in the log")
    func oversized() async throws {
        let daemon = try await DaemonProcess.serving(settings: [
            "log.level": "trace", "rpc.metadata_pairs_max": "4", "rpc.metadata_bytes_max": "256",
        ])
        let many = (0..<5).map { ("key\($0)", "marmalade") }
        let long = [("key", String(repeating: "marmalade", count: 40))]
        let longKey = [(String(repeating: "marmalade", count: 40), "")]
        for metadata in [many, long, longKey] {
            let peer = try await RawPeer(to: daemon.socketPath)
            peer.send(Frames.request(1, "cordee.system.v1.System/GetInfo", metadata: metadata))
            peer.send(Frames.request(3, "cordee.system.v1.System/GetInfo"))
            let refused = try #require(await peer.next())
            #expect(try refused.code == .resourceExhausted)
            let next = try #require(await peer.next())
            #expect(try next.code == .ok)
            peer.close()
        }
        #expect(try await daemon.terminate() == 0)
        #expect(!daemon.process.lines.contains { $0.contains("marmalade") })
    }
}

@Suite("Secrets in what the tests see")
struct SecretTests {
    private static let token = "cordee_" + "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0W1x"

    @Test("a token is found in a line, and the name of a metric is none")
    func scan() {
        #expect(SecretScan.holdsToken("a line with \(Self.token) in it"))
        #expect(SecretScan.holdsToken(Self.token))
        #expect(!SecretScan.holdsToken("cordee_cordee_"))
        #expect(!SecretScan.holdsToken("cordee_a_metric_with_a_name_that_is_longer_than_any_secret_would_be_0_total"))
    }

    @Test("no process is started with a token in its arguments")
    func arguments() {
        #expect(throws: ChildProcess.SecretInArguments.self) {
            try ChildProcess("/bin/true", ["--token=\(Self.token)"])
        }
    }

    @Test("a daemon at its most talkative writes no token: not of one who comes in, nor a wrong one, nor one in a name")
    func talkative() async throws {
        let scenario = try await Scenario.start(settings: ["log.level": "trace"])
        let person = try await scenario.person("p-0014").client
        _ = try await person.call(SystemMethods.whoAmI, .init())
        let secret = try #require(person.token)
        #expect(SecretScan.holdsToken(secret))
        let altered = String(secret.dropLast()) + (secret.hasSuffix("A") ? "B" : "A")
        let wrong = try await scenario.daemon.client(token: altered)
        let status = try await wrong.refusal(of: WorkshopsMethods.listWorkshops, .init())
        #expect(!"\(status)".contains(altered))
        _ = try await person.code(of: "cordee.system.v1.System/GetInfo", "{\"\(secret)\":1}")
        let peer = try await RawPeer(to: scenario.daemon.socketPath)
        peer.send(Frames.request(1, "cordee.system.v1.System/\(secret)"))
        peer.send(Frames.request(3, "cordee.system.v1.System/GetInfo", metadata: [("x", secret)]))
        for _ in 0..<2 { _ = try #require(await peer.next()) }
        peer.close()
        // Fails if a token was in any of its lines.
        #expect(try await scenario.daemon.terminate() == 0)
    }
}
