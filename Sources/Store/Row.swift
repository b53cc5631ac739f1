import CSQLite

/// The row that a query stands on: valid only inside the closure that is given it.
///
/// Reading is strict: a column gives a value only as what it holds, and NULL only as an optional.
public struct Row: ~Copyable {
    private let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    /// The value in the column at `index`, counted from 0.
    ///
    /// - Throws: `StoreError.column`, naming the column, when it holds something else.
    public func get<Value: ColumnValue>(_ index: Int, _ type: Value.Type = Value.self) throws(StoreError) -> Value {
        try Value(row: self, column: index)
    }

    public func isNull(_ index: Int) -> Bool {
        unsafe sqlite3_column_type(statement.handle, Int32(index)) == SQLITE_NULL
    }

    func integer(_ index: Int) throws(StoreError) -> Int64 {
        try expect(SQLITE_INTEGER, "an integer", at: index)
        return unsafe sqlite3_column_int64(statement.handle, Int32(index))
    }

    func real(_ index: Int) throws(StoreError) -> Double {
        try expect(SQLITE_FLOAT, "a real", at: index)
        return unsafe sqlite3_column_double(statement.handle, Int32(index))
    }

    func string(_ index: Int) throws(StoreError) -> String {
        try expect(SQLITE_TEXT, "a text", at: index)
        return text(index)
    }

    func blob(_ index: Int) throws(StoreError) -> [UInt8] {
        try expect(SQLITE_BLOB, "bytes", at: index)
        // The pointer is taken before the length, as SQLite's manual asks, and both before any other call.
        let start = unsafe sqlite3_column_blob(statement.handle, Int32(index))
        let count = unsafe Int(sqlite3_column_bytes(statement.handle, Int32(index)))
        guard let start = unsafe start else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The column as text, whatever it holds: for pragmas.
    func text(_ index: Int) -> String {
        let start = unsafe sqlite3_column_text(statement.handle, Int32(index))
        let count = unsafe Int(sqlite3_column_bytes(statement.handle, Int32(index)))
        guard let start = unsafe start else { return "" }
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The error of a column that holds an unfit value, of the right kind or not.
    public func mismatch(_ index: Int, expected: String) -> StoreError {
        let name = unsafe sqlite3_column_name(statement.handle, Int32(index)).map { unsafe String(cString: $0) }
        let found =
            switch unsafe sqlite3_column_type(statement.handle, Int32(index)) {
            case SQLITE_INTEGER: "an integer"
            case SQLITE_FLOAT: "a real"
            case SQLITE_TEXT: "a text"
            case SQLITE_BLOB: "bytes"
            default: "NULL"
            }
        return .column(name: name ?? "\(index)", expected: expected, found: found)
    }

    private func expect(_ type: Int32, _ what: String, at index: Int) throws(StoreError) {
        if unsafe sqlite3_column_type(statement.handle, Int32(index)) != type { throw mismatch(index, expected: what) }
    }
}
