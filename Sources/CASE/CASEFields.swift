/// Looks at each field by itself: what is required, how long it may be, and how identifiers and addresses look.
struct CASEFields {
    let textBytesMax: Int
    var problems: [CASEProblem] = []

    /// An association as it stands in the file.
    struct Association {
        var index: Int
        var identifier: String
        var type: String
        var position: Int?
        var origin: String
        var destination: String
        var destinationURI: String
    }

    /// The types of CASE 1.1; others begin with "ext:".
    private static let types: Set<String> = [
        "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar",
        "hasSkillLevel", "isTranslationOf",
    ]

    init(textBytesMax: Int) { self.textBytesMax = textBytesMax }

    mutating func document(_ document: CASEFile.Document?) -> CASEDocument {
        let place = "CFDocument"
        guard let document else {
            problems.append(CASEProblem(.missingField, at: place))
            return CASEDocument(identifier: "", uri: "", title: "", creator: "")
        }
        return CASEDocument(
            identifier: identifier(document.identifier, place), uri: uri(document.uri, place),
            title: text(document.title, "\(place).title"), creator: text(document.creator, "\(place).creator"),
            publisher: optional(document.publisher, "\(place).publisher"),
            summary: optional(document.description, "\(place).description"),
            language: optional(document.language, "\(place).language"),
            version: optional(document.version, "\(place).version"),
            adoptionStatus: optional(document.adoptionStatus, "\(place).adoptionStatus"))
    }

    mutating func items(_ items: [CASEFile.Item]) -> [CASEItem] {
        var seen: Set<String> = []
        return items.enumerated().map { index, item in
            let place = "CFItems[\(index)]"
            let read = CASEItem(
                identifier: identifier(item.identifier, place), uri: uri(item.uri, place),
                code: optional(item.humanCodingScheme, "\(place).humanCodingScheme"),
                statement: text(item.fullStatement, "\(place).fullStatement"),
                language: optional(item.language, "\(place).language"))
            take(read.identifier, in: &seen, place)
            return read
        }
    }

    mutating func associations(_ associations: [CASEFile.Association]) -> [Association] {
        var seen: Set<String> = []
        return associations.enumerated().map { index, association in
            let place = "CFAssociations[\(index)]"
            let read = Association(
                index: index, identifier: identifier(association.identifier, place),
                type: type(association.associationType, place), position: association.sequenceNumber,
                origin: identifier(association.originNodeURI?.identifier, "\(place).originNodeURI"),
                destination: identifier(association.destinationNodeURI?.identifier, "\(place).destinationNodeURI"),
                destinationURI: uri(association.destinationNodeURI?.uri, "\(place).destinationNodeURI"))
            take(read.identifier, in: &seen, place)
            return read
        }
    }

    private mutating func take(_ identifier: String, in seen: inout Set<String>, _ place: String) {
        guard !identifier.isEmpty, !seen.insert(identifier).inserted else { return }
        problems.append(CASEProblem(.duplicateIdentifier, at: "\(place).identifier", identifier))
    }

    private mutating func type(_ value: String?, _ place: String) -> String {
        let value = text(value, "\(place).associationType")
        if !value.isEmpty, !Self.types.contains(value), !value.hasPrefix("ext:") {
            problems.append(CASEProblem(.badType, at: "\(place).associationType"))
        }
        return value
    }

    /// A UUID (RFC 9562), in lower case.
    private mutating func identifier(_ value: String?, _ place: String) -> String {
        let value = text(value, "\(place).identifier").lowercased()
        let groups = value.split(separator: "-", omittingEmptySubsequences: false)
        let isUUID =
            groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) } }
        if !value.isEmpty, !isUUID { problems.append(CASEProblem(.badIdentifier, at: "\(place).identifier")) }
        return value
    }

    /// An absolute URI (RFC 3986), as far as that it has a scheme and nothing that must be escaped.
    private mutating func uri(_ value: String?, _ place: String) -> String {
        let value = text(value, "\(place).uri")
        let scheme = value.utf8.prefix { $0 != UInt8(ascii: ":") }
        let isURI =
            scheme.count < value.utf8.count && !scheme.isEmpty
            && scheme.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
            && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if !value.isEmpty, !isURI { problems.append(CASEProblem(.badURI, at: "\(place).uri")) }
        return value
    }

    private mutating func text(_ value: String?, _ place: String) -> String {
        guard let value, !value.isEmpty else {
            problems.append(CASEProblem(.missingField, at: place))
            return ""
        }
        return optional(value, place)
    }

    private mutating func optional(_ value: String?, _ place: String) -> String {
        guard let value else { return "" }
        guard value.utf8.count <= textBytesMax else {
            problems.append(CASEProblem(.fieldTooLong, at: place))
            return ""
        }
        return value
    }
}
