/// A frame as it was read, by code that shares nothing with the one under test.
struct Frame: Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    var stream: UInt32 { Self.number(bytes[4..<8]) }
    var type: UInt8 { bytes[8] }
    var flags: UInt8 { bytes[9] }
    var data: [UInt8] { Array(bytes[10...]) }

    var description: String {
        "\(hexText(Array(bytes.prefix(400))))\(bytes.count > 400 ? "…" : "") (stream \(stream), type \(type))"
    }

    /// The first whole frame of some bytes.
    init?(startOf bytes: [UInt8]) {
        guard bytes.count >= 10 else { return nil }
        let length = 10 + Int(Self.number(bytes[0..<4]))
        guard bytes.count >= length else { return nil }
        self.bytes = Array(bytes[..<length])
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}

/// The fields of a protobuf message, by number.
struct Fields {
    private var values: [(number: Int, bytes: [UInt8], varint: UInt64)] = []

    /// Nil, if it is none, or has a field of a fixed width, which an envelope has not.
    init?(_ data: [UInt8]) {
        var rest = data[...]
        while !rest.isEmpty {
            guard let tag = Self.varint(&rest), let value = Self.varint(&rest) else { return nil }
            switch tag & 7 {
            case 0: values.append((Int(tag >> 3), [], value))
            case 2:
                guard rest.count >= value else { return nil }
                values.append((Int(tag >> 3), Array(rest.prefix(Int(value))), 0))
                rest = rest.dropFirst(Int(value))
            default: return nil
            }
        }
    }

    func bytes(_ number: Int) -> [UInt8]? { values.last { $0.number == number }?.bytes }
    func number(_ number: Int) -> Int64 {
        Int64(bitPattern: values.last { $0.number == number }?.varint ?? 0)
    }

    func text(_ number: Int) -> String { String(decoding: bytes(number) ?? [], as: UTF8.self) }

    /// Of a Request: service and method.
    var path: String { "\(text(1))/\(text(2))" }

    /// Of a Request: its metadata.
    var pairs: [(String, String)] {
        values.filter { $0.number == 5 }.compactMap { Fields($0.bytes).map { ($0.text(1), $0.text(2)) } }
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }
}
