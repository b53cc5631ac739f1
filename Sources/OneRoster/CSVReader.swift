/// Bounds on the shape of a CSV file.
public struct CSVLimits: Hashable, Sendable {
    /// Bytes of one field, quotes not counted.
    public var fieldBytesMax: Int
    /// Fields of one row.
    public var fieldsMax: Int
    /// Rows of a file, its header among them.
    public var rowsMax: Int

    public init(fieldBytesMax: Int = 4096, fieldsMax: Int = 128, rowsMax: Int = 200_001) {
        (self.fieldBytesMax, self.fieldsMax, self.rowsMax) = (fieldBytesMax, fieldsMax, rowsMax)
    }
}

/// Why a CSV file cannot be read on from a place.
enum CSVError: Error, Equatable, Sendable {
    /// A quote inside of a field that does not begin with one, anything but a separator after a closing quote, a carriage
    /// return that no line feed follows, or a quoted field that never ends. `line` is that of the row's start.
    case badQuote(line: Int)
    case fieldTooLong(line: Int)
    case tooManyFields(line: Int)
    case tooManyRows(line: Int)
}

/// A row and the physical line (from 1) on which it begins: a quoted field may hold line ends.
struct CSVRow: Equatable, Sendable {
    var line: Int
    var fields: [String]
}

/// Reads RFC 4180 strictly: fields apart by commas, rows by LF or CRLF, quotes doubled inside of quotes.
///
/// Empty lines are passed over. The bytes must be UTF-8 (checked before; else they are replaced) and are read once.
struct CSVReader {
    private let bytes: [UInt8]
    private let limits: CSVLimits
    private var index: Int
    private var line = 1
    private var rowCount = 0

    init(_ bytes: [UInt8], from start: Int = 0, limits: CSVLimits = CSVLimits()) {
        (self.bytes, self.limits, self.index) = (bytes, limits, start)
    }

    /// The next row; nil at the end.
    mutating func next() throws(CSVError) -> CSVRow? {
        while takeLineEnd() {}
        guard index < bytes.count else { return nil }
        let start = line
        rowCount += 1
        guard rowCount <= limits.rowsMax else { throw .tooManyRows(line: start) }
        var fields: [String] = []
        repeat {
            guard fields.count < limits.fieldsMax else { throw .tooManyFields(line: start) }
            fields.append(try field(rowLine: start))
        } while take(UInt8(ascii: ","))
        guard takeLineEnd() || index == bytes.count else { throw .badQuote(line: start) }
        return CSVRow(line: start, fields: fields)
    }

    private mutating func field(rowLine: Int) throws(CSVError) -> String {
        take(UInt8(ascii: "\"")) ? try quotedField(rowLine: rowLine) : try plainField(rowLine: rowLine)
    }

    private mutating func plainField(rowLine: Int) throws(CSVError) -> String {
        let start = index
        scan: while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ","), 0x0A, 0x0D: break scan
            case UInt8(ascii: "\""): throw .badQuote(line: rowLine)
            default: index += 1
            }
        }
        guard index - start <= limits.fieldBytesMax else { throw .fieldTooLong(line: rowLine) }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func quotedField(rowLine: Int) throws(CSVError) -> String {
        var content: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\""), !take(UInt8(ascii: "\"")) { return String(decoding: content, as: UTF8.self) }
            if byte == 0x0A { line += 1 }
            guard content.count < limits.fieldBytesMax else { throw .fieldTooLong(line: rowLine) }
            content.append(byte)
        }
        throw .badQuote(line: rowLine)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func takeLineEnd() -> Bool {
        let isPair = index + 1 < bytes.count && bytes[index] == 0x0D && bytes[index + 1] == 0x0A
        guard isPair || index < bytes.count && bytes[index] == 0x0A else { return false }
        index += isPair ? 2 : 1
        line += 1
        return true
    }
}
