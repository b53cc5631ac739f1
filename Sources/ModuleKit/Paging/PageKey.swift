public import Store

/// What a list is sorted by before the id: an instant, or the sort key of a name.
public protocol PageOrder: ColumnValue, Sendable {
    /// Comes before all values.
    static var least: Self { get }
    init?(pageBytes: [UInt8])
    var pageBytes: [UInt8] { get }
}

/// Where a page ends and the next begins: the last row's place in the order of the list (keyset paging).
///
/// A list's statement compares a row value: `WHERE (start_at, id) > (?2, ?3) ORDER BY start_at, id LIMIT ?4`.
public struct PageKey<Order: PageOrder>: Sendable {
    public var order: Order
    public var id: String

    public init(_ order: Order, _ id: String) {
        self.order = order
        self.id = id
    }

    /// Before the first row.
    public static var start: PageKey { PageKey(.least, "") }
}

extension Int64: PageOrder {
    public static var least: Int64 { .min }
    public var pageBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
    public init?(pageBytes: [UInt8]) {
        guard pageBytes.count == 8 else { return nil }
        self = pageBytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}

extension Timestamp: PageOrder {
    public static var least: Timestamp { .min }
    public var pageBytes: [UInt8] { microseconds.pageBytes }
    public init?(pageBytes: [UInt8]) {
        guard let microseconds = Int64(pageBytes: pageBytes) else { return nil }
        self.init(microseconds: microseconds)
    }
}

extension [UInt8]: PageOrder {
    public static var least: [UInt8] { [] }
    public var pageBytes: [UInt8] { self }
    public init?(pageBytes: [UInt8]) { self = pageBytes }
}
