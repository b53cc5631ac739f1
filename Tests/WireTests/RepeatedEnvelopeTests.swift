import Testing
import Wire

@Suite("A request that is as the one before but for its payload")
struct RepeatedEnvelopeTests {
    /// A request whose fields are drawn from few values, so that two of them are often alike.
    private static func request(_ random: inout SeededRandom, payloadByteCountMax: Int = 300) -> [UInt8] {
        var bytes: [UInt8] = []
        let payload = (0..<Int.random(in: 0...payloadByteCountMax, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        FrameEncoder.appendRequest(
            to: &bytes, streamID: 1, flags: [], service: "a.Service",
            method: Bool.random(using: &random) ? "Get" : "List",
            payload: payload.span.bytes, timeoutNanoseconds: Bool.random(using: &random) ? 0 : 5_000,
            metadata: Bool.random(using: &random) ? [] : [("authorization", "Bearer x")])
        return Array(bytes.dropFirst(FrameHeader.byteCount))
    }

    private struct Parsed: Equatable {
        var service, method: [UInt8]
        var timeout: Int64
        var metadata: [[UInt8]]
        var payload: [UInt8]
    }

    private static func parse(_ bytes: [UInt8]) -> Parsed? {
        try? RequestParser().parse(bytes.span.bytes) { view in
            Parsed(
                service: array(view.service), method: array(view.method), timeout: view.timeoutNanoseconds,
                metadata: (0..<view.metadataCount).flatMap {
                    [array(view.metadataKey($0)), array(view.metadataValue($0))]
                },
                payload: array(view.payload))
        }
    }

    private static func array(_ bytes: RawSpan) -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }

    @Test("is found exactly when protobuf-c finds the same in both, but for the payload", arguments: UInt64(0)..<200)
    func agreesWithParser(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let (first, second) = (Self.request(&random), Self.request(&random))
            var expected = try #require(Self.parse(first))
            let parsed = try #require(Self.parse(second))
            var repeated = RepeatedEnvelope()
            repeated.remember(first.span.bytes)
            let found = repeated.payload(in: second.span.bytes)
            // An empty payload is no field at all: then nothing is remembered, or found.
            let bothHavePayload = !expected.payload.isEmpty && !parsed.payload.isEmpty
            expected.payload = parsed.payload
            #expect((found != nil) == (bothHavePayload && expected == parsed))
            if let found { #expect(Array(second[found]) == parsed.payload) }
        }
    }

    @Test("is never found in bytes that protobuf-c reads otherwise", arguments: UInt64(0)..<200)
    func damagedBytes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let first = Self.request(&random, payloadByteCountMax: 12)
            var second = first
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<second.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: second[index] = UInt8.random(in: 0...255, using: &random)
                case 1: second.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: second.remove(at: index)
                }
            }
            var repeated = RepeatedEnvelope()
            repeated.remember(first.span.bytes)
            guard let found = repeated.payload(in: second.span.bytes) else { continue }
            var expected = try #require(Self.parse(first))
            expected.payload = Array(second[found])
            #expect(Self.parse(second) == expected)
        }
    }

    @Test("is not looked for where the payload comes twice, or not at all")
    func payloadOnce() {
        let payload: [UInt8] = [0x1a, 1, 7]
        for envelope in [
            payload + payload, [0x0a, 1, 0x61], [], [0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ] {
            var repeated = RepeatedEnvelope()
            repeated.remember(envelope.span.bytes)
            #expect(repeated.payload(in: envelope.span.bytes) == nil)
            #expect(repeated.payload(in: payload.span.bytes) == nil)
        }
        var repeated = RepeatedEnvelope()
        repeated.remember(payload.span.bytes)
        let other: [UInt8] = [0x1a, 2, 8, 9]
        #expect(repeated.payload(in: other.span.bytes) == 2..<4)
    }
}
