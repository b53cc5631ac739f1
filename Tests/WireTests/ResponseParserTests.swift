import Testing

@testable import Wire

@Suite("Reading a response")
struct ResponseParserTests {
    @Test(
        "gives the payload and the status as Go's server wrote them",
        arguments: [
            ("12 09 0a07626f6e6a6f7572", "", "0a07626f6e6a6f7572"),
            ("", "", ""),
            ("0a 0c 0805 1208 6e6f742068657265", "0805 1208 6e6f742068657265", ""),
        ])
    func readsRecordedBytes(data: String, status: String, payload: String) throws {
        #expect(try parse(hex(data)) == [hex(status), hex(payload)])
    }

    @Test("a response longer than the bound, or of no valid form, is an error")
    func refusesBadResponses() {
        #expect(throws: EnvelopeError.tooLong(byteCount: 101, max: 100)) {
            try parse([UInt8](repeating: 0, count: 101), envelopeBytesMax: 100)
        }
        #expect(throws: EnvelopeError.malformed) { try parse(hex("12 09 0a")) }
        #expect(throws: EnvelopeError.malformed) { try parse(hex("08 01")) }
    }

    private func parse(_ bytes: [UInt8], envelopeBytesMax: Int = 4 << 20) throws(EnvelopeError) -> [[UInt8]] {
        try ResponseParser(envelopeBytesMax: envelopeBytesMax).parse(bytes.span.bytes) {
            [copy($0.statusBytes), copy($0.payload)]
        }
    }
}
