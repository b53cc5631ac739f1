public import Calendar
public import Store
public import SwiftProtobuf

/// Instants are stored as INTEGER microseconds since 1970 UTC (DESIGN §5).
extension Timestamp: ColumnValue {
    public func bind(to statement: Statement, at index: Int) throws(StoreError) {
        try microseconds.bind(to: statement, at: index)
    }

    public init(row: borrowing Row, column: Int) throws(StoreError) {
        self.init(microseconds: try Int64(row: row, column: column))
    }
}

extension Google_Protobuf_Timestamp {
    public init(_ instant: Timestamp) {
        let (seconds, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let borrow: Int64 = rest < 0 ? 1 : 0
        self.init(seconds: seconds - borrow, nanos: Int32((rest + borrow * 1_000_000) * 1_000))
    }
}

extension Timestamp {
    /// Cut to whole microseconds.
    public init(_ message: Google_Protobuf_Timestamp) {
        self.init(microseconds: message.seconds &* 1_000_000 &+ Int64(message.nanos) / 1_000)
    }
}
