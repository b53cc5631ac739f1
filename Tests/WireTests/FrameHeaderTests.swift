import Testing

@testable import Wire

@Suite("The head of a frame")
struct FrameHeaderTests {
    @Test("has big-endian integers, as Go's server wrote them")
    func readsRecordedBytes() throws {
        let header = try #require(readHeader(hex("0000000e 00000005 02 00")))
        #expect(header == FrameHeader(dataByteCount: 14, streamID: 5, type: .response))
    }

    @Test("is not there before its tenth byte", arguments: 0...9)
    func waitsForTenBytes(count: Int) {
        let bytes = [UInt8](repeating: 0xFF, count: 10)
        #expect(readHeader(Array(bytes.prefix(count))) == nil)
        #expect(readHeader(bytes) != nil)
    }

    @Test("keeps types and flags that this version does not know")
    func keepsUnknownValues() throws {
        let header = try #require(readHeader(hex("ffffffff fffffffe 2a 85")))
        #expect(header.dataByteCount == .max && header.streamID == .max - 1)
        #expect(header.type == 42 && header.frameType == nil)
        #expect(header.frameFlags.contains([.remoteClosed, .noData]) && !header.frameFlags.contains(.remoteOpen))
        #expect(header.frameFlags.rawValue == 0x85)
    }
}

/// `#expect` cannot take a span as an argument.
private func readHeader(_ bytes: [UInt8]) -> FrameHeader? { FrameHeader(bytes.span.bytes) }
