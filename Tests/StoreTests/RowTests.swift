import Store
import Testing

@Suite("Rows and values")
struct RowTests {
    private enum Colour: String, ColumnValue { case red, green }

    private struct Timestamp: RawRepresentable, ColumnValue, Equatable { var rawValue: Int64 }

    private static func roundTrip<Value: ColumnValue & Equatable>(_ value: Value, _ reader: Reader) throws -> Bool {
        try reader.value("SELECT ?1", value, as: Value.self) == value
    }

    @Test("each kind of value comes back as it was bound")
    func roundTrips() throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        for text in ["", "a", "nul\0inside", "œuvre d’été 🎒", String(repeating: "é", count: 10_000)] {
            #expect(try Self.roundTrip(text, reader))
        }
        for bytes in [[], [0], [UInt8](0...255)] { #expect(try Self.roundTrip(bytes, reader)) }
        for number in [0, 1, -1, Int64.max, .min] { #expect(try Self.roundTrip(number, reader)) }
        for number in [0.5, -1e300, .infinity] { #expect(try Self.roundTrip(number, reader)) }
        #expect(try Self.roundTrip(true, reader))
        #expect(try Self.roundTrip(false, reader))
        #expect(try Self.roundTrip(Int?.none, reader))
        #expect(try Self.roundTrip(Optional("x"), reader))
        #expect(try Self.roundTrip(Colour.green, reader))
        #expect(try Self.roundTrip(Timestamp(rawValue: 7), reader))
    }

    @Test("several values keep their order")
    func order() throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        let row = try reader.first("SELECT ?3, ?1, ?2", 1, "two", [UInt8(3)]) { row in
            (try row.get(0, [UInt8].self), try row.get(1, Int.self), try row.get(2, String.self))
        }
        #expect(row?.0 == [3])
        #expect(row?.1 == 1)
        #expect(row?.2 == "two")
    }

    @Test("a column of another kind, or NULL, is an error that names it")
    func strict() throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        #expect(throws: StoreError.column(name: "title", expected: "a text", found: "an integer")) {
            try reader.value("SELECT 1 AS title", as: String.self)
        }
        #expect(throws: StoreError.column(name: "title", expected: "a text", found: "NULL")) {
            try reader.value("SELECT NULL AS title", as: String.self)
        }
        #expect(throws: StoreError.column(name: "full", expected: "0 or 1", found: "an integer")) {
            try reader.value("SELECT 2 AS full", as: Bool.self)
        }
        #expect(throws: StoreError.column(name: "colour", expected: "a value of Colour", found: "a text")) {
            try reader.value("SELECT 'blue' AS colour", as: Colour.self)
        }
    }

    @Test("too few or too many values are an error, not NULL", arguments: [1, 3])
    func parameterCount(given: Int) throws {
        let test = try TestStore()
        defer { test.store.close() }
        let reader = try test.store.makeReader()
        let error = StoreError.parameterCount(sql: "SELECT ?1 + ?2", expected: 2, given: given)
        #expect(throws: error) {
            if given == 1 {
                _ = try reader.value("SELECT ?1 + ?2", 1, as: Int.self)
            } else {
                _ = try reader.value("SELECT ?1 + ?2", 1, 2, 3, as: Int.self)
            }
        }
    }

    @Test("broken rules are told by kind and name, without the values")
    func constraints() async throws {
        let test = try TestStore()
        defer { test.store.close() }
        let cases: [(SQL, StoreError)] = [
            ("INSERT INTO t (id, n) VALUES (0, 4711)", .constraint(.primaryKey, name: "t.id")),
            ("INSERT INTO t (id, n) VALUES (1, -4711)", .constraint(.check, name: "n >= 0")),
            ("INSERT INTO t (id, n) VALUES (1, NULL)", .constraint(.notNull, name: "t.n")),
        ]
        for (sql, error) in cases {
            await #expect(throws: error) { try await test.store.write("w") { db in try db.execute(sql) } }
        }
        await #expect(throws: StoreError.constraint(.datatype, name: "cannot store TEXT value in INTEGER column t.n")) {
            try await test.store.write("w") { db in try db.execute("INSERT INTO t (id, n) VALUES (1, 'secret')") }
        }
    }

    @Test(
        "what only the store may say is refused",
        arguments: [
            "COMMIT", "  rollback", "-- a comment\nCOMMIT", "/* c */ SAVEPOINT x", ";BEGIN", "PRAGMA foreign_keys = 0",
            "ATTACH 'x' AS x", "", "-- nothing", "SELECT 1; SELECT 2", "/* open",
        ] as [SQL])
    func screened(sql: SQL) async throws {
        let test = try TestStore()
        defer { test.store.close() }
        await #expect(throws: StoreError.self) { try await test.store.write("w") { db in try db.execute(sql) } }
        try await test.add(1)
        #expect(try test.ids() == [1])
    }
}
