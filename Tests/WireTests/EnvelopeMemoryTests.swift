import Testing

@testable import Wire

@Suite("The memory of envelopes")
struct EnvelopeMemoryTests {
    @Test("is made once: 10,000 requests of the same size ask for no more", arguments: [0, 100, 20_000, 150_000])
    func steadyStateAllocatesNothing(payloadByteCount: Int) {
        let parser = RequestParser()
        let request = RequestParserTests.fromGo + field(3, [UInt8](repeating: 1, count: payloadByteCount))
        #expect(parses(request, by: parser))
        let blocksMadeCount = parser.arenaBlocksMadeCount
        let heldByteCount = parser.arenaHeldByteCount
        let acceptedCount = (0..<10_000).count { _ in parses(request, by: parser) }
        #expect(acceptedCount == 10_000)
        #expect(parser.arenaBlocksMadeCount == blocksMadeCount && parser.arenaHeldByteCount == heldByteCount)
    }

    @Test("is given back after a large request")
    func shrinksAfterLargeRequest() {
        let parser = RequestParser()
        #expect(parses(field(3, [UInt8](repeating: 1, count: 4_000_000)), by: parser))
        #expect(parser.arenaHeldByteCount <= 256 << 10)
    }

    @Test("is enough for all limits reached at once, in any order of fields", arguments: [true, false])
    func holdsAllLimitsAtOnce(payloadFirst: Bool) {
        let limits = EnvelopeLimits()
        let text = [UInt8](repeating: 0x61, count: limits.metadataBytesMax / limits.metadataPairsMax / 2)
        let pair = field(5, field(1, text) + field(2, text))
        let names = field(1, [UInt8](repeating: 0x61, count: limits.nameBytesMax))
        let head = names + (0..<limits.metadataPairsMax).flatMap { _ in pair }
        let payloadByteCount = limits.envelopeBytesMax - head.count - 5
        let payload = field(3, [UInt8](repeating: 1, count: payloadByteCount))
        let request = payloadFirst ? payload + head : head + payload
        #expect(request.count == limits.envelopeBytesMax)
        let parser = RequestParser(limits: limits)
        #expect(parses(request, by: parser))
        // What earlier requests left in the arena changes nothing.
        for byteCount in [200_000, 17_000, 100] {
            #expect(parses(field(3, [UInt8](repeating: 1, count: byteCount)), by: parser))
            #expect(parses(request, by: parser))
        }
    }

    @Test("has a bound: millions of small fields are malformed, not gigabytes", arguments: ["30 00", "2a 00", "1a 00"])
    func manyFieldsAreBounded(smallField: String) {
        let parser = RequestParser()
        let bytes = [[UInt8]](repeating: hex(smallField), count: 2_000_000).flatMap(\.self)
        #expect(parse(bytes, by: parser) == .failure(.malformed))
        #expect(parser.arenaHeldByteCount <= 256 << 10)
        #expect(parses(RequestParserTests.fromGo, by: parser))
    }

    private func parses(_ bytes: [UInt8], by parser: RequestParser) -> Bool {
        (try? parser.parse(bytes.span.bytes) { _ in true }) ?? false
    }
}
