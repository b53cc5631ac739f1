extension RawSpan {
    /// What is wrong with these bytes as the text of a proto3 string.
    enum TextFault: Equatable { case invalidUTF8, embeddedNUL }

    /// Nil when the bytes are UTF-8 (Unicode 15, table 3-7: no surrogates, nothing overlong) without a NUL.
    func textFault() -> TextFault? {
        var seen = SeenBytes()
        if byteCount >= 8 {
            for offset in stride(from: 0, to: byteCount - 8, by: 8) { seen.note(uint64(at: offset)) }
            // The last eight, some of them for the second time: cheaper than byte by byte.
            seen.note(uint64(at: byteCount - 8))
        } else {
            for offset in byteOffsets { seen.note(UInt64(uint8(at: offset)) | 0x0101_0101_0101_0100) }
        }
        if seen.hasNonASCII {
            // Proof: every bit pattern is a UInt8, and the view ends with this call.
            do { _ = try unsafe UTF8Span(validating: _unsafeView(as: UInt8.self)) } catch { return .invalidUTF8 }
        }
        return seen.hasNUL ? .embeddedNUL : nil
    }
}

/// What was met among bytes that are looked at eight at a time.
private struct SeenBytes {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private var anyByte: UInt64 = 0
    private var borrows: UInt64 = 0

    mutating func note(_ word: UInt64) {
        anyByte |= word
        // Subtracting one sets the high bit of a byte that had none only if it was 0, or if a lower byte was: whether
        // there is a 0 at all is answered exactly (Warren, Hacker's Delight, §6-1).
        borrows |= (word &- Self.ones) & ~word
    }

    var hasNonASCII: Bool { anyByte & Self.highBits != 0 }
    var hasNUL: Bool { borrows & Self.highBits != 0 }
}
