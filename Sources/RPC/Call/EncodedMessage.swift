import SwiftProtobuf

/// An encoded message on its way into a connection's buffer: a small one lies in the value itself, so that encoding the
/// usual answer allocates nothing.
///
/// SwiftProtobuf makes the bytes by itself and only then hands them out, so that it cannot be given the buffer.
struct EncodedMessage: SwiftProtobufContiguousBytes {
    /// Bytes that need no heap; most of an API's answers are shorter.
    static let inlineByteCountMax = 256

    private var inline: InlineArray<256, UInt8>
    private var heap: [UInt8]
    let count: Int

    init(repeating byte: UInt8, count: Int) {
        self.count = count
        inline = InlineArray(repeating: byte)
        heap = count > Self.inlineByteCountMax ? [UInt8](repeating: byte, count: count) : []
    }

    init<Bytes: Sequence>(_ sequence: Bytes) where Bytes.Element == UInt8 {
        let bytes = Array(sequence)
        self.init(repeating: 0, count: bytes.count)
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }

    func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        guard count <= Self.inlineByteCountMax else { return try heap.withUnsafeBytes(body) }
        return try inline.span.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        guard count <= Self.inlineByteCountMax else { return try heap.withUnsafeMutableBytes(body) }
        let count = count
        var span = inline.mutableSpan
        return try span.withUnsafeMutableBytes { try body(UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) }
    }
}
