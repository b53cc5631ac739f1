/// The methods that a server answers, each name once.
public struct MethodTable: Sendable {
    /// Two methods have one name; the server cannot start.
    public struct Duplicate: Error, Equatable, CustomStringConvertible {
        public let service: String
        public let name: String
        public var description: String { "the method \(service)/\(name) is declared twice" }
    }

    /// All methods, in the order given; a call's `methodIndex` is an index of it.
    public let methods: [ServerMethod]

    /// - Throws: `Duplicate` for the first name that comes twice.
    public init(_ methods: [ServerMethod]) throws(Duplicate) {
        var seen: Set<[String]> = []
        for method in methods where !seen.insert([method.service, method.name]).inserted {
            throw Duplicate(service: method.service, name: method.name)
        }
        self.methods = methods
    }
}
