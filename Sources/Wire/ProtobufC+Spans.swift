import CProtobufC

extension UnsafeRawBufferPointer {
    /// The address for protobuf-c; it reads nothing of an empty message, so any pointer or none will do then.
    var protobufStart: UnsafePointer<UInt8>? { unsafe baseAddress?.assumingMemoryBound(to: UInt8.self) }
}

extension ProtobufCBinaryData {
    /// The bytes of this field, for as long as `owner`, a view of the message, lives.
    // Proof: protobuf-c gives `len` bytes at `data`, and NULL when there are none; the arena keeps them past the view's
    // end.
    @unsafe
    @_lifetime(copy owner)
    func bytes<Owner: ~Escapable>(of owner: Owner) -> RawSpan {
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: len)
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), copying: owner)
    }
}
