import RPC
public import SwiftProtobuf

/// A request for a list (AIP-158): how many, and from where on.
public protocol PagedRequest: SwiftProtobuf.Message {
    var parent: String { get }
    var pageSize: Int32 { get set }
    var pageToken: String { get set }
}

/// A part of a list, and what brings the next.
public struct Page<Item> {
    public var items: [Item]
    /// Empty after the last page.
    public var nextToken: String

    public init(items: [Item], nextToken: String) { (self.items, self.nextToken) = (items, nextToken) }
}

/// How many items a page has.
enum PageSize {
    /// When the request leaves it to the daemon.
    static let standard = 50
    /// More is cut to this (AIP-158).
    static let maximum = 1_000
    /// Items that the caller may not see, and that one call passes over.
    static let hiddenMax = 1_000

    static func of(_ asked: Int32) -> Int { asked <= 0 ? standard : min(Int(asked), maximum) }
}

extension ReadCall {
    /// One page of a list that goes through each board over which the caller may call the method, board after board.
    ///
    /// What the caller may not see is left out, whatever `load` gives: neither a page's length nor its token tells of it.
    ///
    /// - Parameters:
    ///   - key: the place of an item in the order of the list.
    ///   - load: up to `limit` items of a board that come after `after`.
    /// - Throws: INVALID_ARGUMENT for a parent that is no board, or a page token of another list, query or caller.
    public func page<Item: Resource, Order: PageOrder>(
        _ request: some PagedRequest,
        key: (Item) -> PageKey<Order>,
        _ load: (_ board: String, _ after: PageKey<Order>, _ limit: Int) throws -> [Item]
    ) throws -> Page<Item> {
        guard request.parent.isEmpty || BoardName(request.parent) != nil else {
            throw Status.badField(
                "parent", fr: "Un conseil est attendu : boards/…", en: "A board is expected: boards/…")
        }
        return try page(request, sections: standing.boards, key: key, shows: { $0.isVisible(to: caller) }, load)
    }

    /// One page of a list within one resource; see above.
    public func page<Item: Resource, Order: PageOrder>(
        _ request: some PagedRequest,
        of parent: String,
        key: (Item) -> PageKey<Order>,
        _ load: (_ after: PageKey<Order>, _ limit: Int) throws -> [Item]
    ) throws -> Page<Item> {
        try page(request, sections: [parent], key: key, shows: { $0.isVisible(to: caller) }) { _, after, limit in
            try load(after, limit)
        }
    }

    /// One page of a list that goes through sections in their order, which is ascending. For what is no `Resource`: the
    /// daemon's own lists.
    ///
    /// - Parameter shows: whether the caller may see an item. Of items that they may not see so many are passed over in
    ///   one call, then the page ends, with a token for what comes after them.
    @_spi(Daemon) public func page<Item, Order: PageOrder>(
        _ request: some PagedRequest,
        sections: [String],
        key: (Item) -> PageKey<Order>,
        shows: (Item) throws -> Bool,
        _ load: (String, PageKey<Order>, Int) throws -> [Item]
    ) throws -> Page<Item> {
        let context = try pageContext(of: request)
        var place = PagePlace<Order>(section: "", key: .start)
        if !request.pageToken.isEmpty {
            place = try PagePlace(facts.pageTokens.place(in: request.pageToken, for: context))
        }
        let size = PageSize.of(request.pageSize)
        var found: [(place: PagePlace<Order>, item: Item)] = []
        var hiddenLeft = PageSize.hiddenMax
        func page(endingAt last: PagePlace<Order>) -> Page<Item> {
            Page(
                items: found.prefix(size).map(\.item),
                nextToken: facts.pageTokens.token(for: last.bytes, in: context))
        }
        for section in sections where section >= place.section {
            var after = section == place.section ? place.key : .start
            while true {
                // One more than asked for tells whether there is a next page.
                let limit = size + 1 - found.count
                let items = try load(section, after, limit)
                for item in items {
                    after = key(item)
                    if try shows(item) {
                        found.append((PagePlace(section: section, key: after), item))
                    } else {
                        hiddenLeft -= 1
                    }
                }
                if found.count > size { return page(endingAt: found[size - 1].place) }
                if items.count < limit { break }
                if hiddenLeft <= 0 { return page(endingAt: PagePlace(section: section, key: after)) }
            }
        }
        return Page(items: found.map(\.item), nextToken: "")
    }

    /// What a page token is bound to: the method, the caller, and the query without the page's size and token.
    private func pageContext(of request: some PagedRequest) throws -> [UInt8] {
        var query = request
        query.pageToken = ""
        query.pageSize = 0
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let bytes: [UInt8] = try query.serializedBytes(options: options)
        return Array("\(facts.method)\n\(caller.principal ?? "")\n".utf8) + bytes
    }
}

/// Where a page ended: in which board or other section of the list, and at which key there.
private struct PagePlace<Order: PageOrder> {
    var section: String
    var key: PageKey<Order>

    init(section: String, key: PageKey<Order>) {
        self.section = section
        self.key = key
    }

    /// Section and id, each behind a byte of its length, then the order's value.
    var bytes: [UInt8] {
        [section, key.id].reduce(into: []) { bytes, text in
            bytes.append(UInt8(truncatingIfNeeded: text.utf8.count))
            bytes += Array(text.utf8)
        } + key.order.pageBytes
    }

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        func text() -> String? {
            guard let count = rest.popFirst(), rest.count >= Int(count) else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
        }
        guard let section = text(), let id = text(), let order = Order(pageBytes: Array(rest)) else {
            throw Status.badField("page_token", fr: "Jeton de page invalide.", en: "Invalid page token.")
        }
        self.init(section: section, key: PageKey(order, id))
    }
}
