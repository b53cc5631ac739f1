public import Store
public import SwiftProtobuf

/// How a module gives the data of a board away, so that the board can leave: collection after collection, page by page.
///
/// Each table of the module is in a collection or is named as left out, with the reason: a module with a table that is
/// neither does not start.
public struct BoardData: Sendable {
    public var collections: [BoardCollection]
    public var leftOut: [LeftOutTable]

    public init(_ collections: [BoardCollection], leftOut: [LeftOutTable] = []) {
        (self.collections, self.leftOut) = (collections, leftOut)
    }

    /// The tables that were thought of.
    public var tables: Set<String> { Set(collections.flatMap(\.tables) + leftOut.map(\.table)) }
}

/// One kind of records of a board.
public struct BoardCollection: Sendable {
    /// Within the module: "registrations".
    public let name: String
    /// The tables whose content is in the records.
    public let tables: [String]
    /// Up to so many ids of a board's records that come after an id, in the order of their bytes.
    public let ids: @Sendable (_ board: String, _ after: String, _ limit: Int, Reader) throws -> [String]
    /// A record as the module's API shows it; nil if it is gone.
    public let record: @Sendable (_ board: String, _ id: String, Reader) throws -> (any SwiftProtobuf.Message)?

    public init(
        _ name: String, tables: [String],
        ids: @escaping @Sendable (_ board: String, _ after: String, _ limit: Int, Reader) throws -> [String],
        record: @escaping @Sendable (_ board: String, _ id: String, Reader) throws -> (any SwiftProtobuf.Message)?
    ) {
        (self.name, self.tables, self.ids, self.record) = (name, tables, ids, record)
    }
}

/// A table that a board does not take along, and why: what is private to a person even from the board's lead is in the
/// person's own export alone.
public struct LeftOutTable: Sendable {
    public var table: String
    /// In French and English.
    public var why: TextByLanguage

    public init(_ table: String, fr: String, en: String) {
        (self.table, why) = (table, TextByLanguage(["fr": fr, "en": en]))
    }
}
