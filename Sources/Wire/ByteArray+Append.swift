extension [UInt8] {
    /// Appends a copy of `bytes`.
    mutating func append(_ bytes: RawSpan) {
        guard !bytes.isEmpty else { return }
        append(addingCapacity: bytes.byteCount) { (output: inout OutputSpan<UInt8>) in
            // Proof: `output` is room for exactly `bytes.byteCount` new bytes, all of which are written here, and the
            // two do not overlap: an array that grows is ours alone.
            unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
                unsafe bytes.withUnsafeBytes { source in
                    unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
                }
                initializedCount = bytes.byteCount
            }
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends the four bytes of `value`, most significant first.
    mutating func appendBigEndian(_ value: UInt32) {
        append(UInt8(truncatingIfNeeded: value >> 24))
        append(UInt8(truncatingIfNeeded: value >> 16))
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }
}
