import CordeeAPI
public import Store

/// All kinds of things that have names, of all modules: finds out who may see a thing of which only the name is known.
public struct ResourceKinds: Sendable {
    /// By the collections of the name: "boards/workshops".
    private let kinds: [String: any Resource.Type]
    /// The patterns of the kinds.
    public let patterns: Set<String>

    public init(_ kinds: [any Resource.Type]) {
        var byCollections: [String: any Resource.Type] = [:]
        var patterns: Set<String> = []
        for kind in kinds {
            let pattern = kind.patternText
            byCollections[Self.collections(of: pattern)] = kind
            patterns.insert(pattern)
        }
        (self.kinds, self.patterns) = (byCollections, patterns)
    }

    /// Whether somebody may see the thing with a name; false if there is none, or of no such kind.
    public func isVisible(_ name: String, to caller: Caller, in db: some Queryable) throws -> Bool {
        guard let kind = kinds[Self.collections(of: name)] else { return false }
        return try kind.isVisible(name, to: caller, in: db)
    }

    private static func collections(of name: String) -> String {
        name.split(separator: "/", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: "/")
    }
}

extension Resource {
    fileprivate static var patternText: String { Name.pattern.text }

    fileprivate static func isVisible(_ text: String, to caller: Caller, in db: some Queryable) throws -> Bool {
        guard let name = Name(text) else { return false }
        return try find(name, in: db)?.isVisible(to: caller) ?? false
    }
}
