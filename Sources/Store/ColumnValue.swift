import CSQLite

/// What can be bound to a parameter and read from a column.
///
/// A type of another room that is stored as one of these says so with a raw value (`enum State: String, ColumnValue`,
/// or any `RawRepresentable`) and gets both functions for free.
public protocol ColumnValue {
    /// Binds the value to the parameter at `index`, counted from 1.
    func bind(to statement: Statement, at index: Int) throws(StoreError)

    /// Reads the value from a row.
    ///
    /// - Throws: `StoreError.column`, naming the column, when it holds something else.
    init(row: borrowing Row, column: Int) throws(StoreError)

    /// Bytes that the value takes in a transaction, roughly: groups are bounded by their sum.
    var boundByteCount: Int { get }
}

extension ColumnValue {
    public var boundByteCount: Int { 8 }
}

extension ColumnValue where Self: RawRepresentable, RawValue: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try rawValue.bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        guard let value = Self(rawValue: try RawValue(row: row, column: column)) else {
            throw row.mismatch(column, expected: "a value of \(Self.self)")
        }
        self = value
    }

    public var boundByteCount: Int { rawValue.boundByteCount }
}

extension Int64: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try statement.check(unsafe sqlite3_bind_int64(statement.handle, Int32(index), self))
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) { self = try row.integer(column) }
}

extension Int: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try Int64(self).bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        guard let value = Int(exactly: try row.integer(column)) else {
            throw row.mismatch(column, expected: "a smaller integer")
        }
        self = value
    }
}

/// Stored as INTEGER 0 or 1; any other number is an error.
extension Bool: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try Int64(self ? 1 : 0).bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        switch try row.integer(column) {
        case 0: self = false
        case 1: self = true
        default: throw row.mismatch(column, expected: "0 or 1")
        }
    }
}

extension Double: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try statement.check(unsafe sqlite3_bind_double(statement.handle, Int32(index), self))
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) { self = try row.real(column) }
}

extension String: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        var copy = self
        let code = copy.withUTF8 { text in
            unsafe cordee_sqlite3_bind_text(statement.handle, Int32(index), text.baseAddress, UInt64(text.count))
        }
        try statement.check(code)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) { self = try row.string(column) }

    public var boundByteCount: Int { utf8.count }
}

/// A BLOB.
extension Array: ColumnValue where Element == UInt8 {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        let code = unsafe withUnsafeBytes { bytes in
            unsafe cordee_sqlite3_bind_blob(statement.handle, Int32(index), bytes.baseAddress, UInt64(bytes.count))
        }
        try statement.check(code)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) { self = try row.blob(column) }

    public var boundByteCount: Int { count }
}

/// NULL is nil.
extension Optional: ColumnValue where Wrapped: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        if let self {
            try self.bind(to: statement, at: index)
        } else {
            try statement.check(unsafe sqlite3_bind_null(statement.handle, Int32(index)))
        }
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        self = row.isNull(column) ? nil : try Wrapped(row: row, column: column)
    }

    public var boundByteCount: Int { self?.boundByteCount ?? 1 }
}
