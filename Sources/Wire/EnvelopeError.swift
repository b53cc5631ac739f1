/// Why bytes are not an envelope that we take; the caller answers INVALID_ARGUMENT or RESOURCE_EXHAUSTED on that
/// stream.
public enum EnvelopeError: Error, Equatable, Sendable {
    /// A field of the envelope that holds text.
    public enum Field: String, Equatable, Sendable {
        case service, method
        case metadataKey = "metadata.key"
        case metadataValue = "metadata.value"
    }

    /// Not a protobuf message of this type: cut off, a wrong wire type, a group, an endless varint. Also when the
    /// message needs more memory than one within the limits can need, as a million unknown fields do.
    case malformed
    /// The envelope is longer than `EnvelopeLimits.envelopeBytesMax`.
    case tooLong(byteCount: Int, max: Int)
    /// The name of the service or method is longer than `EnvelopeLimits.nameBytesMax`.
    case nameTooLong(Field, byteCount: Int, max: Int)
    /// More pairs of metadata than `EnvelopeLimits.metadataPairsMax`.
    case tooManyMetadataPairs(count: Int, max: Int)
    /// Keys and values together are longer than `EnvelopeLimits.metadataBytesMax`.
    case metadataTooLong(byteCount: Int, max: Int)
    /// The text is not UTF-8, as a proto3 string must be.
    case invalidUTF8(Field)
    /// The text holds a NUL: legal UTF-8, but C code and terminals would see another text than we do.
    case embeddedNUL(Field)

    /// True when the envelope is well formed and only too big: RESOURCE_EXHAUSTED rather than INVALID_ARGUMENT.
    public var isLimit: Bool {
        switch self {
        case .tooLong, .nameTooLong, .tooManyMetadataPairs, .metadataTooLong: true
        case .malformed, .invalidUTF8, .embeddedNUL: false
        }
    }
}

extension EnvelopeError: CustomStringConvertible {
    /// One line in English for a log or a status; it repeats no bytes of the peer.
    public var description: String {
        switch self {
        case .malformed: "envelope is not a valid protobuf message"
        case .tooLong(let byteCount, let max): "envelope of \(byteCount) bytes is longer than \(max)"
        case .nameTooLong(let field, let byteCount, let max):
            "\(field.rawValue) of \(byteCount) bytes is longer than \(max)"
        case .tooManyMetadataPairs(let count, let max): "\(count) metadata pairs are more than \(max)"
        case .metadataTooLong(let byteCount, let max): "metadata of \(byteCount) bytes is longer than \(max)"
        case .invalidUTF8(let field): "\(field.rawValue) is not valid UTF-8"
        case .embeddedNUL(let field): "\(field.rawValue) holds a NUL"
        }
    }
}

/// What an envelope may hold; each number has a configuration key above.
public struct EnvelopeLimits: Equatable, Sendable {
    /// Longest envelope with its payload, in bytes; the frame's own bound by default.
    public var envelopeBytesMax: Int
    /// Most pairs of metadata.
    public var metadataPairsMax: Int
    /// Longest metadata, keys and values together, in bytes.
    public var metadataBytesMax: Int
    /// Longest name of a service or of a method, in bytes.
    public var nameBytesMax: Int

    public init(
        envelopeBytesMax: Int = FrameDecoder.dataBytesMaxDefault,
        metadataPairsMax: Int = 64,
        metadataBytesMax: Int = 16 << 10,
        nameBytesMax: Int = 256
    ) {
        self.envelopeBytesMax = envelopeBytesMax
        self.metadataPairsMax = metadataPairsMax
        self.metadataBytesMax = metadataBytesMax
        self.nameBytesMax = nameBytesMax
    }
}
