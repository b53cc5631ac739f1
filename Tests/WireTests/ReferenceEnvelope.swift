@testable import Wire

/// A Request with its own copies.
struct RequestCopy: Equatable {
    struct Pair: Equatable {
        var key: [UInt8] = []
        var value: [UInt8] = []
    }
    var service: [UInt8] = []
    var method: [UInt8] = []
    var payload: [UInt8] = []
    var timeoutNanoseconds: Int64 = 0
    var metadata: [Pair] = []
}

extension RequestCopy {
    init(_ view: borrowing RequestView) {
        service = copy(view.service)
        method = copy(view.method)
        payload = copy(view.payload)
        timeoutNanoseconds = view.timeoutNanoseconds
        metadata = (0..<view.metadataCount).map {
            Pair(key: copy(view.metadataKey($0)), value: copy(view.metadataValue($0)))
        }
    }
}

/// The brute force: a reader of the wire format (protobuf.dev, "Encoding") that copies everything and knows no limit.
struct ReferenceReader {
    enum Value: Equatable {
        case varint(UInt64)
        case bytes([UInt8])
        case other
    }
    private var rest: ArraySlice<UInt8>

    /// All fields in order, or nil when the bytes are not a message.
    static func fields(_ bytes: [UInt8]) -> [(number: UInt32, value: Value)]? {
        var reader = ReferenceReader(rest: bytes[...])
        var fields: [(UInt32, Value)] = []
        while !reader.rest.isEmpty {
            guard let field = reader.field() else { return nil }
            fields.append(field)
        }
        return fields
    }

    /// What a parser must find in a Request, with the errors of `limits`.
    static func request(_ bytes: [UInt8], limits: EnvelopeLimits) -> Result<RequestCopy, EnvelopeError> {
        guard let fields = fields(bytes) else { return .failure(.malformed) }
        var request = RequestCopy()
        for (number, value) in fields {
            switch (number, value) {
            case (1, .bytes(let text)): request.service = text
            case (2, .bytes(let text)): request.method = text
            case (3, .bytes(let bytes)): request.payload = bytes
            case (4, .varint(let value)): request.timeoutNanoseconds = Int64(bitPattern: value)
            case (5, .bytes(let bytes)):
                guard let pair = pair(bytes) else { return .failure(.malformed) }
                request.metadata.append(pair)
            case (1...5, _): return .failure(.malformed)
            default: continue
            }
        }
        return firstError(in: request, limits: limits).map { .failure($0) } ?? .success(request)
    }

    private static func pair(_ bytes: [UInt8]) -> RequestCopy.Pair? {
        guard let fields = fields(bytes) else { return nil }
        var pair = RequestCopy.Pair()
        for (number, value) in fields {
            switch (number, value) {
            case (1, .bytes(let text)): pair.key = text
            case (2, .bytes(let text)): pair.value = text
            case (1...2, _): return nil
            default: continue
            }
        }
        return pair
    }

    private static func firstError(in request: RequestCopy, limits: EnvelopeLimits) -> EnvelopeError? {
        for (name, field) in [(request.service, EnvelopeError.Field.service), (request.method, .method)] {
            guard name.count <= limits.nameBytesMax else {
                return .nameTooLong(field, byteCount: name.count, max: limits.nameBytesMax)
            }
            if let error = textError(name, field) { return error }
        }
        let count = request.metadata.count
        guard count <= limits.metadataPairsMax else {
            return .tooManyMetadataPairs(count: count, max: limits.metadataPairsMax)
        }
        let byteCount = request.metadata.map { $0.key.count + $0.value.count }.reduce(0, +)
        guard byteCount <= limits.metadataBytesMax else {
            return .metadataTooLong(byteCount: byteCount, max: limits.metadataBytesMax)
        }
        return request.metadata.lazy
            .compactMap { textError($0.key, .metadataKey) ?? textError($0.value, .metadataValue) }.first
    }

    private static func textError(_ text: [UInt8], _ field: EnvelopeError.Field) -> EnvelopeError? {
        if String(validating: text, as: UTF8.self) == nil { return .invalidUTF8(field) }
        return text.contains(0) ? .embeddedNUL(field) : nil
    }

    private mutating func varint(byteCountMax: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in 0..<byteCountMax {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func field() -> (UInt32, Value)? {
        // protobuf-c takes a tag of at most five bytes and refuses one whose first byte holds neither number nor more.
        guard let first = rest.first, first & 0xF8 != 0, let tag = varint(byteCountMax: 5) else { return nil }
        let number = UInt32(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return varint(byteCountMax: 10).map { (number, .varint($0)) }
        case 1: return skip(8) ? (number, .other) : nil
        case 5: return skip(4) ? (number, .other) : nil
        case 2:
            guard let length = varint(byteCountMax: 5), length <= UInt64(rest.count) else { return nil }
            let bytes = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            return (number, .bytes(bytes))
        default: return nil
        }
    }

    private mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }
}
