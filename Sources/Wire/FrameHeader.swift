/// The fixed head of a ttrpc frame (ttrpc PROTOCOL.md, "Message Frame"); integers are big-endian.
public struct FrameHeader: Equatable, Sendable {
    /// Length of every header, in bytes.
    public static let byteCount = 10

    /// Length of the data that follows, in bytes; as the peer claims, not checked against any limit.
    public var dataByteCount: UInt32
    /// The stream: odd when the client opened it.
    public var streamID: UInt32
    /// A `FrameType`, or a number that a later version of the protocol gives a meaning.
    public var type: UInt8
    /// `FrameFlags`; which of them count depends on the type.
    public var flags: UInt8

    public init(dataByteCount: UInt32, streamID: UInt32, type: FrameType, flags: FrameFlags = []) {
        self.dataByteCount = dataByteCount
        self.streamID = streamID
        self.type = type.rawValue
        self.flags = flags.rawValue
    }

    /// Nil when fewer than ten bytes have come: not an error, wait for more.
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.byteCount else { return nil }
        dataByteCount = bytes.bigEndianUInt32(at: 0)
        streamID = bytes.bigEndianUInt32(at: 4)
        type = bytes.uint8(at: 8)
        flags = bytes.uint8(at: 9)
    }

    /// The type, or nil when this version does not know it; such a frame is ignored (DESIGN §2).
    public var frameType: FrameType? { FrameType(rawValue: type) }

    /// The flags; unknown bits are kept.
    public var frameFlags: FrameFlags { FrameFlags(rawValue: flags) }
}

/// What a frame is (ttrpc PROTOCOL.md, "Message Types").
public enum FrameType: UInt8, Equatable, Sendable {
    /// Opens a stream; the data is a `Request`.
    case request = 1
    /// Ends a stream; the data is a `Response`.
    case response = 2
    /// A message of an open stream, encoded, without an envelope.
    case data = 3
}

/// The flags of a Request or Data frame; a Request with none is unary.
public struct FrameFlags: OptionSet, Equatable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender will send no more data on this stream.
    public static let remoteClosed = FrameFlags(rawValue: 1)
    /// Request only: the sender will send data on this stream.
    public static let remoteOpen = FrameFlags(rawValue: 2)
    /// Data only: the frame carries no message (it is there for its other flag), not an empty one.
    public static let noData = FrameFlags(rawValue: 4)
}
