import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// What anybody can throw at the socket: an answer that names it, or a closed connection; others notice nothing.
@Suite("Bad input on the socket")
struct BadFrameTests {
    private static let getInfo = "cordee.system.v1.System/GetInfo"

    @Test("any bytes, from many peers at once, end nobody's calls", arguments: UInt64(0)..<8)
    func randomBytes(seed: UInt64) async throws {
        let daemon = try await DaemonProcess.serving()
        let neighbour = try await daemon.client()
        var random = Random(seed: seed)
        for _ in 0..<20 {
            let peer = try await RawPeer(to: daemon.socketPath)
            peer.send(random.bytes(Int.random(in: 1...40_000, using: &random)))
            _ = try await neighbour.call(SystemMethods.getInfo, .init())
            peer.close()
        }
        #expect(try await daemon.terminate() == 0)
    }

    @Test(
        "valid frames with bytes turned are answered or ignored, and a good one after them is answered",
        arguments: UInt64(0)..<8)
    func turnedBytes(seed: UInt64) async throws {
        let daemon = try await DaemonProcess.serving()
        var random = Random(seed: seed)
        for _ in 0..<50 {
            let peer = try await RawPeer(to: daemon.socketPath)
            var frame = Frames.request(1, Self.getInfo, metadata: [("accept-language", "fr")])
            // Beyond the head, so that the length stays true and the next frame begins where it should.
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                frame[Int.random(in: 10..<frame.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            peer.send(frame + Frames.request(3, Self.getInfo))
            let first = try #require(await peer.next())
            #expect(first.streamID == 1)
            let second = try #require(await peer.next())
            #expect(second.streamID == 3)
            #expect(try second.code == .ok)
            peer.close()
        }
        #expect(try await daemon.terminate() == 0)
    }

    @Test("half a frame and then silence holds up nobody, and does not hold up the stop")
    func half() async throws {
        let daemon = try await DaemonProcess.serving(settings: ["daemon.loops": "1"])
        let silent = try await RawPeer(to: daemon.socketPath)
        silent.send(Array(Frames.request(1, Self.getInfo).prefix(14)))
        let header = try await RawPeer(to: daemon.socketPath)
        header.send([0, 0])
        _ = try await daemon.client().call(SystemMethods.getInfo, .init())
        #expect(try await daemon.terminate() == 0)
        #expect(await silent.next() == nil)
        #expect(await header.next() == nil)
    }

    @Test("a payload that is no message is refused as such, in both codecs, and the connection lives on")
    func wrongPayload() async throws {
        let daemon = try await DaemonProcess.serving()
        let peer = try await RawPeer(to: daemon.socketPath)
        let path = "cordee.system.v1.Reflection/GetDescriptors"
        let wrong: [([UInt8], [(String, String)])] = [
            ([0xFF], []),
            // A string of 1 byte that is not UTF-8.
            ([0x0A, 0x01, 0xFF], []),
            // A string that claims to be longer than all there is.
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], []),
            (Array("{".utf8), [("content-type", "application/json")]),
            (Array(#"{"nonsense":1}"#.utf8), [("content-type", "application/json")]),
        ]
        for (index, (payload, metadata)) in wrong.enumerated() {
            peer.send(Frames.request(UInt32(index * 2 + 1), path, payload: payload, metadata: metadata))
            let answer = try #require(await peer.next())
            #expect(try answer.code == .invalidArgument, "\(payload)")
            let reason = payload.count > 1 && payload[1] == UInt8(ascii: "\"") ? "UNKNOWN_FIELD" : "MALFORMED_PAYLOAD"
            #expect(String(decoding: answer.status, as: UTF8.self).contains(reason))
        }
        peer.send(Frames.request(99, path, metadata: [("content-type", "text/plain")]))
        #expect(try #require(await peer.next()).code == .invalidArgument)
        peer.send(Frames.request(101, Self.getInfo))
        #expect(try #require(await peer.next()).code == .ok)
    }

    @Test("a message in itself, a hundred thousand times, does not take the daemon down")
    func deepPayload() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        let json = String(repeating: #"{"workshop":"#, count: 100_000)
        #expect(try await client.code(of: "cordee.workshops.v1.Workshops/CreateWorkshop", json) != .ok)
        let list = String(repeating: "[", count: 1_000_000)
        #expect(try await client.code(of: "cordee.system.v1.Reflection/GetDescriptors", list) == .invalidArgument)
        _ = try await client.call(SystemMethods.getInfo, .init())
    }

    @Test(
        "an unknown service or method is named, whatever it is called",
        arguments: [
            "no.such.Service/GetInfo", "cordee.system.v1.System/NoSuchMethod", "/", "cordee.system.v1.System/",
            "cordee.system.v1.System/getinfo", "é/\u{1F980}",
        ])
    func unknownMethod(path: String) async throws {
        let daemon = try await DaemonProcess.serving()
        let peer = try await RawPeer(to: daemon.socketPath)
        peer.send(Frames.request(1, path) + Frames.request(3, Self.getInfo))
        let answer = try #require(await peer.next())
        #expect(try answer.code == .unimplemented)
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let text = String(decoding: answer.status, as: UTF8.self)
        #expect(text.contains("UNKNOWN_SERVICE") ? text.contains("service") : text.contains(name))
        #expect(try #require(await peer.next()).code == .ok)
    }

    @Test("a frame longer than the bound is refused, skipped, and the next one answered")
    func oversize() async throws {
        let daemon = try await DaemonProcess.serving(settings: ["rpc.message_bytes_max": "64KiB"])
        let peer = try await RawPeer(to: daemon.socketPath)
        let large = Frames.request(1, Self.getInfo, payload: [UInt8](repeating: 0, count: 200_000))
        peer.send(large + Frames.request(3, Self.getInfo))
        #expect(try #require(await peer.next()).code == .resourceExhausted)
        #expect(try #require(await peer.next()).code == .ok)
    }

    @Test("stream ids that are even or go back are refused on that stream alone")
    func streamIDs() async throws {
        let daemon = try await DaemonProcess.serving()
        let peer = try await RawPeer(to: daemon.socketPath)
        for (id, expected): (UInt32, StatusCode) in [(2, .invalidArgument), (5, .ok), (5, .invalidArgument), (7, .ok)] {
            peer.send(Frames.request(id, Self.getInfo))
            let answer = try #require(await peer.next())
            #expect(answer.streamID == id)
            #expect(try answer.code == expected)
        }
    }

    @Test("texts with NUL, direction marks or a megabyte are kept or refused, never cut")
    func strangeTexts() async throws {
        let scenario = try await Scenario.start()
        for text in ["a\u{0}b", "\u{202E}abc", "e\u{301}", "\u{1F468}\u{200D}\u{1F3EB}"] {
            do {
                let made = try await scenario.facilitator.call(
                    WorkshopsMethods.createWorkshop,
                    .with {
                        $0.workshop = Scenario.draft()
                        $0.workshop.title = ["fr": text]
                    })
                let read = try await scenario.facilitator.call(
                    WorkshopsMethods.getWorkshop, .with { $0.name = made.name })
                #expect(Array((read.title["fr"] ?? "").unicodeScalars) == Array(text.unicodeScalars))
            } catch let status as Status {
                #expect(status.code == .invalidArgument)
            }
        }
        let long = try await scenario.facilitator.refusal(
            of: WorkshopsMethods.createWorkshop,
            .with {
                $0.workshop = Scenario.draft()
                $0.workshop.title = ["fr": String(repeating: "x", count: 1 << 20)]
            })
        #expect(long.code == .invalidArgument)
        #expect(long.violations.contains { $0.field.hasPrefix("workshop.title") })
    }

    @Test("more connections than the bound are closed, the others go on")
    func connectionBound() async throws {
        let daemon = try await DaemonProcess.serving(settings: ["rpc.connections_max": "4"])
        var peers: [RawPeer] = []
        for _ in 0..<4 {
            let peer = try await RawPeer(to: daemon.socketPath)
            peer.send(Frames.request(1, Self.getInfo))
            #expect(try #require(await peer.next()).code == .ok)
            peers.append(peer)
        }
        let fifth = try await RawPeer(to: daemon.socketPath)
        #expect(await fifth.next() == nil)
        peers[3].send(Frames.request(3, Self.getInfo))
        #expect(try #require(await peers[3].next()).code == .ok)
    }
}
