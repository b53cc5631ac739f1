/// How the names of one kind of resource look (AIP-122): "boards/{board}/workshops/{workshop}".
///
/// Fixed parts stand for themselves, each `{…}` for one id: 1 to 64 of `A–Z a–z 0–9 . _ ~ -`.
public struct ResourcePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The pattern as the proto file has it.
    public let text: String

    public init(_ text: String) { self.text = text }
    public init(stringLiteral text: String) { self.text = text }

    /// The words in braces, in order: "board", "workshop".
    public var variables: [String] {
        text.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
            .map { String($0.dropFirst().dropLast()) }
    }

    /// Whether a name looks so. Copies nothing.
    public func matches(_ name: String) -> Bool { walk(name) { _ in } }

    /// The ids of a name, in the order of `variables`; nil if the name does not look so.
    public func ids(in name: String) -> [String]? {
        var ids: [String] = []
        guard walk(name, { ids.append(String($0)) }) else { return nil }
        return ids
    }

    /// The name with these ids, one for each variable; nil if their count or one of them is not right.
    public func name(_ ids: [String]) -> String? {
        var rest = ids[...]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { part -> Substring in
            guard part.hasPrefix("{") else { return part }
            return rest.popFirst().map { $0[...] } ?? ""
        }
        let name = parts.joined(separator: "/")
        return rest.isEmpty && matches(name) ? name : nil
    }

    private func walk(_ name: String, _ found: (Substring) -> Void) -> Bool {
        var rest = name[...].utf8
        var pattern = text.utf8[...]
        while let byte = pattern.popFirst() {
            guard byte == UInt8(ascii: "{") else {
                guard rest.popFirst() == byte else { return false }
                continue
            }
            pattern = pattern.drop { $0 != UInt8(ascii: "}") }.dropFirst()
            let id = rest.prefix(while: ResourceNameReader.isIDByte)
            guard (1...ResourceNameReader.idBytesMax).contains(id.count) else { return false }
            found(Substring(id))
            rest = rest[id.endIndex...]
        }
        return rest.isEmpty
    }
}

extension ResourcePattern {
    /// Whether a text is the name of any resource: collections and ids in turn, "boards/b1/workshops/w1".
    public static func isAnyName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count.isMultiple(of: 2)
            && parts.allSatisfy {
                (1...ResourceNameReader.idBytesMax).contains($0.count) && $0.allSatisfy(ResourceNameReader.isIDByte)
            }
    }
}
