extension RawSpan {
    /// The byte at `offset`; an offset outside the span is our own bug and stops the process.
    func uint8(at offset: Int) -> UInt8 {
        // Proof: the load checks its bounds, and every bit pattern is a UInt8.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The four bytes from `offset` on, most significant first; bounds as for `uint8(at:)`.
    func bigEndianUInt32(at offset: Int) -> UInt32 {
        // Proof: the load checks its bounds and asks for no alignment; every bit pattern is a UInt32.
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes from `offset` on, in the machine's order; bounds as for `uint8(at:)`.
    func uint64(at offset: Int) -> UInt64 {
        // Proof: the load checks its bounds and asks for no alignment; every bit pattern is a UInt64.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
