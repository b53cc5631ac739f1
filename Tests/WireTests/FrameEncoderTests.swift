import Testing

@testable import Wire

@Suite("Writing frames")
struct FrameEncoderTests {
    @Test(
        "an OK response has the bytes that Go's server writes, filled in place or copied",
        arguments: [
            ("bonjour", "0000000b 00000001 02 00 12 09 0a07626f6e6a6f7572"),
            ("", "00000000 00000001 02 00"),
        ])
    func responseIsAsGoWritesIt(text: String, recorded: String) {
        let payload = text.isEmpty ? [] : field(1, Array(text.utf8))
        var copied: [UInt8] = []
        FrameEncoder.appendResponse(to: &copied, streamID: 1, payload: payload.span.bytes)
        var filled: [UInt8] = []
        FrameEncoder.appendResponse(to: &filled, streamID: 1, payloadByteCount: payload.count) { output in
            for byte in payload { output.append(byte) }
        }
        #expect(copied == hex(recorded) && filled == hex(recorded))
        #expect(FrameEncoder.responseDataByteCount(payloadByteCount: payload.count) == copied.count - 10)
    }

    @Test("a failure has the bytes that Go's server writes")
    func failureIsAsGoWritesIt() {
        var bytes: [UInt8] = []
        FrameEncoder.appendFailure(
            to: &bytes, streamID: 5, statusBytes: hex("08 05 12 08 6e6f742068657265").span.bytes)
        #expect(bytes == hex("0000000e 00000005 02 00 0a 0c 0805 1208 6e6f742068657265"))
    }

    @Test("a request has the bytes that Go's client writes")
    func requestIsAsGoWritesIt() {
        var bytes: [UInt8] = []
        FrameEncoder.appendRequest(
            to: &bytes, streamID: 1, flags: [], service: "cordee.test.v1.Echo", method: "Say",
            payload: hex("0a07 626f6e6a6f7572").span.bytes, timeoutNanoseconds: 0,
            metadata: [("authorization", "Bearer é")])
        #expect(bytes == hex("00000041 00000001 01 00") + RequestParserTests.fromGo)
    }

    @Test("data frames carry the message alone", arguments: [FrameFlags.remoteClosed, [.remoteClosed, .noData]])
    func dataHasNoEnvelope(flags: FrameFlags) {
        let payload: [UInt8] = flags.contains(.noData) ? [] : [1, 2]
        var bytes: [UInt8] = [9]
        FrameEncoder.appendData(to: &bytes, streamID: 258, flags: flags, payload: payload.span.bytes)
        FrameEncoder.appendData(to: &bytes, streamID: 258, flags: flags, payloadByteCount: payload.count) { output in
            for byte in payload { output.append(byte) }
        }
        let expected = frame(streamID: 258, payload, type: 3, flags: flags.rawValue)
        #expect(bytes == [9] + expected + expected)
    }

    @Test("a payload that fails on the way leaves nothing behind")
    func failedFillIsTakenBack() {
        struct Refusal: Error {}
        var bytes: [UInt8] = [1, 2, 3]
        #expect(throws: Refusal.self) {
            try FrameEncoder.appendResponse(to: &bytes, streamID: 1, payloadByteCount: 5) { output throws(Refusal) in
                output.append(7)
                throw Refusal()
            }
        }
        #expect(throws: Refusal.self) {
            try FrameEncoder.appendData(to: &bytes, streamID: 1, flags: [], payloadByteCount: 5) {
                output throws(Refusal) in throw Refusal()
            }
        }
        #expect(bytes == [1, 2, 3])
    }

    @Test("what is written is read back, and its size was told before", arguments: UInt64(0)..<20)
    func requestsRoundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let parser = RequestParser()
        var decoder = FrameDecoder()
        for _ in 0..<50 {
            let payload = random.bytes(random.chance(9) ? random.int(0...70_000) : random.int(0...300))
            let timeout = Int64(bitPattern: random.next() >> UInt64(random.int(0...64)))
            let texts = (0..<6).map { _ in String(repeating: "é", count: random.int(0...40)) }
            let metadata = [(texts[2], texts[3]), (texts[4], texts[5])]
            let sizeTold = FrameEncoder.requestDataByteCount(
                service: texts[0], method: texts[1], payloadByteCount: payload.count,
                timeoutNanoseconds: timeout, metadata: metadata)
            var bytes: [UInt8] = []
            FrameEncoder.appendRequest(
                to: &bytes, streamID: 3, flags: .remoteOpen, service: texts[0], method: texts[1],
                payload: payload.span.bytes, timeoutNanoseconds: timeout, metadata: metadata)
            let frame = try #require(decoder.collect(bytes).frames.first)
            #expect(frame.header.frameFlags == .remoteOpen && frame.data.count == sizeTold)
            let expected = RequestCopy(
                service: Array(texts[0].utf8), method: Array(texts[1].utf8), payload: payload,
                timeoutNanoseconds: timeout,
                metadata: metadata.map { .init(key: Array($0.0.utf8), value: Array($0.1.utf8)) })
            #expect(parse(frame.data, by: parser) == .success(expected), "seed \(seed)")
        }
    }
}
