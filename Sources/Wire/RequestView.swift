import CProtobufC
import CWire

/// A ttrpc Request that lies in its parser's arena; all bytes are borrowed from there.
///
/// `service`, `method` and metadata are UTF-8 without NUL and within the limits: the parser looked at each.
// Proof: the pointer is to a message in the arena, which is not reset while the view, whose life is that of the borrow,
// exists.
@safe
public struct RequestView: ~Escapable {
    private let request: UnsafePointer<Ttrpc__Request>

    @_lifetime(copy bytes)
    init(_ request: UnsafeMutablePointer<Ttrpc__Request>, parsedFrom bytes: RawSpan) {
        unsafe self.request = UnsafePointer(request)
    }

    /// Full name of the service, as `cordee.workshops.v1.Workshops`; may be empty.
    public var service: RawSpan {
        @_lifetime(copy self)
        get { unsafe request.pointee.service.bytes(of: self) }
    }

    /// Name of the method; may be empty.
    public var method: RawSpan {
        @_lifetime(copy self)
        get { unsafe request.pointee.method.bytes(of: self) }
    }

    /// The request message, encoded; anything at all.
    public var payload: RawSpan {
        @_lifetime(copy self)
        get { unsafe request.pointee.payload.bytes(of: self) }
    }

    /// How long the caller waits; 0: no limit. Negative when the caller's deadline had passed as it sent (Go does
    /// that).
    public var timeoutNanoseconds: Int64 { unsafe request.pointee.timeout_nano }

    /// Number of pairs of metadata.
    public var metadataCount: Int { unsafe request.pointee.n_metadata }

    /// The key of pair `index`, below `metadataCount`.
    @_lifetime(copy self)
    public func metadataKey(_ index: Int) -> RawSpan {
        unsafe pair(index).key.bytes(of: self)
    }

    /// The value of pair `index`, below `metadataCount`.
    @_lifetime(copy self)
    public func metadataValue(_ index: Int) -> RawSpan {
        unsafe pair(index).value.bytes(of: self)
    }

    private func pair(_ index: Int) -> Ttrpc__KeyValue {
        precondition(index >= 0 && index < metadataCount)
        // Proof: protobuf-c made an array of n_metadata pointers, none of which is NULL once unpacking has succeeded.
        guard let pair = unsafe request.pointee.metadata[index] else { preconditionFailure("a pair is NULL") }
        return unsafe pair.pointee
    }
}
