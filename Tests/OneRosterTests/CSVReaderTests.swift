import TestSupport
import Testing

@testable import OneRoster

@Suite struct CSVReaderTests {
    func rows(_ text: String, _ limits: CSVLimits = CSVLimits()) throws(CSVError) -> [CSVRow] {
        var reader = CSVReader(Array(text.utf8), limits: limits)
        var rows: [CSVRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    @Test(
        "rows are read with their physical lines",
        arguments: [
            ("a,b\nc,d\n", [CSVRow(line: 1, fields: ["a", "b"]), CSVRow(line: 2, fields: ["c", "d"])]),
            ("a,b\r\nc,d", [CSVRow(line: 1, fields: ["a", "b"]), CSVRow(line: 2, fields: ["c", "d"])]),
            ("\n\r\na\n\n", [CSVRow(line: 3, fields: ["a"])]),
            ("\"a\nb\",\"\"\"\"\nc,", [CSVRow(line: 1, fields: ["a\nb", "\""]), CSVRow(line: 3, fields: ["c", ""])]),
            (",,", [CSVRow(line: 1, fields: ["", "", ""])]), ("\"\"", [CSVRow(line: 1, fields: [""])]), ("", []),
            (" a , b ", [CSVRow(line: 1, fields: [" a ", " b "])]),
        ])
    func reads(text: String, expected: [CSVRow]) throws { #expect(try rows(text) == expected) }

    @Test(
        "quotes and line ends out of place are refused",
        arguments: [
            ("a\"b", 1), ("a\n\"b\"c", 2), ("a\nb,\"c", 2), ("a\rb", 1), ("\"a\"\rb", 1), ("\"a\" ,b", 1),
            ("x\n\"a\n\nb", 2),
        ])
    func refuses(text: String, line: Int) { #expect(throws: CSVError.badQuote(line: line)) { try rows(text) } }

    @Test("each bound holds, and what it allows is read")
    func bounds() throws {
        let limits = CSVLimits(fieldBytesMax: 3, fieldsMax: 2, rowsMax: 2)
        #expect(try rows("abc,\"a\"\"b\"\nd,e\n", limits).count == 2)
        #expect(throws: CSVError.fieldTooLong(line: 1)) { try rows("abcd", limits) }
        #expect(throws: CSVError.fieldTooLong(line: 2)) { try rows("a\n\"abcd\"", limits) }
        #expect(throws: CSVError.tooManyFields(line: 1)) { try rows("a,b,c", limits) }
        #expect(throws: CSVError.tooManyRows(line: 4)) { try rows("a\n\nb\nc", limits) }
    }

    @Test("what is written by the rules is read back", arguments: UInt64(0)..<50)
    func roundTrips(seed: UInt64) throws {
        var random = Random(seed: seed)
        let table = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            (0..<Int.random(in: 2...5, using: &random)).map { _ in
                (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    ["a", "é", ",", "\"", "\n", "\r\n", "\r", " ", ";"].randomElement(using: &random) ?? ""
                }.joined()
            }
        }
        let text = table.map { row in
            row.map { field in
                let mustQuote = field.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
                let doubled = field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                return mustQuote || Bool.random(using: &random) ? "\"\(doubled)\"" : field
            }.joined(separator: ",") + (Bool.random(using: &random) ? "\n" : "\r\n")
        }.joined()
        #expect(try rows(text).map(\.fields) == table)
    }
}
