import SwiftProtobuf

/// Finds which field of a JSON payload could not be read, since SwiftProtobuf tells a bare name at most.
///
/// It goes through the payload in its order and has SwiftProtobuf read each value alone, in the place where it stands:
/// for the second session's zone `{"workshop":{"sessions":[{"zone":5}]}}`. The first one that fails is it. So it needs no
/// knowledge of the messages, and it costs nothing where there is no error.
struct JSONFaultFinder<M: Message> {
    private struct Found {
        let error: any Error
        /// The way from the root, the last part first.
        var path: [String] = []
    }

    /// A payload that would cost more is not looked through to its end.
    private struct TooMuch: Error {}

    private var cursor: JSONCursor
    private let options: JSONDecodingOptions
    /// What stands around the value that is looked at: `{"workshop":{"sessions":[`, and what closes it, in reverse.
    private var opening: [UInt8] = []
    private var closing: [UInt8] = []
    /// Bytes that may still be read; one reading counts as `probeCost` more, so that there are at most 4,096.
    private var budget = 1 << 20
    private let probeCost = 256

    private init(_ payload: [UInt8], _ options: JSONDecodingOptions) {
        (cursor, self.options) = (JSONCursor(payload), options)
    }

    /// The first field that is unknown or has a wrong value; nil if no field alone is to blame.
    static func violation(in payload: [UInt8], _ options: JSONDecodingOptions) -> FieldViolation? {
        var finder = JSONFaultFinder(payload, options)
        guard let found = try? finder.container(), !found.path.isEmpty else { return nil }
        return FieldViolation(found.error, path: found.path.reversed())
    }

    // MARK: The walk

    /// Looks into an object or an array.
    private mutating func container() throws -> Found? {
        guard opening.count < 4096, closing.count <= 2 * options.messageDepthLimit else { throw TooMuch() }
        if cursor.take("[") { return try elements() }
        try cursor.expect("{")
        return try fields()
    }

    private mutating func fields() throws -> Found? {
        while !cursor.take("}") {
            let key = Array(cursor.bytes[try cursor.string()])
            try cursor.expect(":")
            let before = opening.count
            opening += [UInt8(ascii: "{")] + key + [UInt8(ascii: ":")]
            closing.append(UInt8(ascii: "}"))
            let found = try value()
            opening.removeLast(opening.count - before)
            closing.removeLast()
            if var found {
                found.path.append(name(key))
                return found
            }
            guard cursor.take(",") else { try cursor.expect("}"); return nil }
        }
        return nil
    }

    private mutating func elements() throws -> Found? {
        opening.append(UInt8(ascii: "["))
        closing.append(UInt8(ascii: "]"))
        defer {
            opening.removeLast()
            closing.removeLast()
        }
        var index = 0
        while !cursor.take("]") {
            if var found = try value() {
                found.path.append("[\(index)]")
                return found
            }
            index += 1
            guard cursor.take(",") else { try cursor.expect("]"); return nil }
        }
        return nil
    }

    /// Tries a value: a scalar as it is; of an object or an array first the empty one, then each part.
    private mutating func value() throws -> Found? {
        let next = cursor.peek()
        if next == UInt8(ascii: "{") || next == UInt8(ascii: "[") {
            let empty = next == UInt8(ascii: "{") ? "{}" : "[]"
            if let error = try tried(empty.utf8) { return Found(error: error) }
            return try container()
        }
        let scalar = try cursor.scalar()
        return try tried(cursor.bytes[scalar]).map { Found(error: $0) }
    }

    // MARK: Trying

    private mutating func tried(_ value: some Collection<UInt8>) throws -> (any Error)? {
        budget -= probeCost + opening.count + value.count + closing.count
        guard budget >= 0 else { throw TooMuch() }
        return error(value)
    }

    private func error(_ value: some Collection<UInt8>) -> (any Error)? {
        let payload = opening + value + closing.reversed()
        do { _ = try M(jsonUTF8Bytes: payload, options: options) } catch { return error }
        return nil
    }

    /// How a path goes on with a key that stands at this place: ".zone" or, in a map, `["fr"]`.
    private func name(_ quoted: [UInt8]) -> String {
        let key = quoted.dropFirst().dropLast()
        guard !key.isEmpty else { return "[\"\"]" }
        let text = Array(key).span.bytes.printable(characterMax: 32)
        switch errorOfNull(key) {
        case nil:
            // Protobuf's own name, as the rules of fields tell it, if the key was JSON's form of it.
            let snake = key.flatMap { (65...90).contains($0) ? [UInt8(ascii: "_"), $0 | 0x20] : [$0] }
            return "." + (errorOfNull(snake) == nil ? String(decoding: snake, as: UTF8.self) : text)
        case JSONDecodingError.unknownField?: return ".\(text)"
        default: return "[\"\(text)\"]"
        }
    }

    /// Any field of a message takes null; a value in a map does not.
    private func errorOfNull(_ key: some Collection<UInt8>) -> (any Error)? {
        error(Array("{\"".utf8) + key + Array("\":null}".utf8))
    }
}

extension FieldViolation {
    fileprivate init(_ error: any Error, path: [String]) {
        let whole = path.joined()
        let field = String(whole.dropFirst(whole.hasPrefix(".") ? 1 : 0).prefix(256))
        switch error {
        case JSONDecodingError.unknownField:
            self.init(
                field: field, reason: "UNKNOWN_FIELD", fr: "ce champ n'existe pas", en: "there is no such field")
        case JSONDecodingError.unrecognizedEnumValue:
            self.init(
                field: field, reason: "UNKNOWN_VALUE", fr: "cette valeur est inconnue", en: "this value is not known")
        case JSONDecodingError.numberRange:
            self.init(
                field: field, reason: "OUT_OF_RANGE", fr: "ce nombre est trop grand ou trop petit",
                en: "this number is too large or too small")
        case JSONDecodingError.malformedTimestamp:
            self.init(
                field: field, reason: "BAD_FORMAT", fr: "un instant comme 2026-11-24T15:45:00Z",
                en: "an instant like 2026-11-24T15:45:00Z")
        case JSONDecodingError.malformedDuration:
            self.init(
                field: field, reason: "BAD_FORMAT", fr: "une durée en secondes comme 1.5s",
                en: "a length in seconds like 1.5s")
        default:
            self.init(
                field: field, reason: "BAD_VALUE", fr: "ce champ ne prend pas une telle valeur",
                en: "the field does not take such a value")
        }
    }
}
