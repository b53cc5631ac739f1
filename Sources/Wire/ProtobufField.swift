/// A length-delimited or varint field of a message that we write ourselves: the envelope, whose few fields need no
/// library.
///
/// Numbers below 16 only, so that a tag is one byte. Source: protobuf.dev/programming-guides/encoding.
enum ProtobufField {
    /// Bytes that `value` takes as a base-128 varint.
    static func varintByteCount(_ value: UInt64) -> Int {
        // Seven bits to a byte; zero takes one.
        (max(1, UInt64.bitWidth - value.leadingZeroBitCount) + 6) / 7
    }

    /// Bytes of the whole field with tag and length; 0 when there is no content, since proto3 leaves such a field out.
    static func byteCount(contentByteCount: Int) -> Int {
        contentByteCount == 0 ? 0 : presentByteCount(contentByteCount: contentByteCount)
    }

    /// Bytes of the whole field with tag and length, written even when there is no content.
    static func presentByteCount(contentByteCount: Int) -> Int {
        1 + varintByteCount(UInt64(contentByteCount)) + contentByteCount
    }

    /// Appends tag and length; the content is the caller's to append.
    static func appendHead(_ number: UInt8, contentByteCount: Int, to output: inout [UInt8]) {
        output.append(number << 3 | 2)
        appendVarint(UInt64(contentByteCount), to: &output)
    }

    /// Appends a field of text or bytes, nothing when there is no content.
    static func append(_ number: UInt8, _ content: RawSpan, to output: inout [UInt8]) {
        guard !content.isEmpty else { return }
        appendHead(number, contentByteCount: content.byteCount, to: &output)
        output.append(content)
    }

    /// Appends a field of text, nothing when it is empty.
    static func append(_ number: UInt8, _ content: String, to output: inout [UInt8]) {
        guard !content.isEmpty else { return }
        appendHead(number, contentByteCount: content.utf8.count, to: &output)
        output.append(contentsOf: content.utf8)
    }

    /// Appends a field of an `int64`, nothing when it is 0; negative numbers take ten bytes.
    static func append(_ number: UInt8, _ value: Int64, to output: inout [UInt8]) {
        guard value != 0 else { return }
        output.append(number << 3)
        appendVarint(UInt64(bitPattern: value), to: &output)
    }

    private static func appendVarint(_ value: UInt64, to output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }
}
