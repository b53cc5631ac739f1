import FoundationEssentials

/// Writes a package as JSON that `CASEReader` and other readers of CASE 1.1 take.
public struct CASEWriter: Sendable {
    /// When the framework was last changed, as RFC 3339 writes it: the standard wants it with each part.
    private let changed: String

    public init(changed: String) { self.changed = changed }

    /// The JSON, with sorted keys: the same package gives the same bytes.
    public func write(_ package: CASEPackage) throws -> [UInt8] {
        let document = package.document
        let file = CASEFile(
            document: CASEFile.Document(
                identifier: document.identifier, uri: document.uri, creator: document.creator, title: document.title,
                lastChangeDateTime: changed, publisher: said(document.publisher), description: said(document.summary),
                language: said(document.language), version: said(document.version),
                adoptionStatus: said(document.adoptionStatus),
                packageURI: CASEFile.Link(
                    title: document.title, identifier: document.identifier,
                    uri: document.uri.replacing("/CFDocuments/", with: "/CFPackages/"))),
            items: package.items.map(item), associations: associations(of: package))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(file))
    }

    private func item(_ item: CASEItem) -> CASEFile.Item {
        CASEFile.Item(
            identifier: item.identifier, uri: item.uri, fullStatement: item.statement,
            humanCodingScheme: said(item.code), language: said(item.language), lastChangeDateTime: changed)
    }

    private func associations(of package: CASEPackage) -> [CASEFile.Association] {
        let document = package.document
        let links = Dictionary(
            package.items.map { item in
                (
                    item.identifier,
                    CASEFile.Link(
                        title: item.code.isEmpty ? item.statement : item.code, identifier: item.identifier,
                        uri: item.uri)
                )
            }
        ) { first, _ in first }
        let top = CASEFile.Link(title: document.title, identifier: document.identifier, uri: document.uri)
        let children = package.items.compactMap { item in
            item.placement.map { (item, $0) }
        }.map { item, placement in
            association(
                placement, "isChildOf", of: document, position: item.position, from: links[item.identifier],
                to: package.parents[item.identifier].flatMap { links[$0] } ?? top)
        }
        return children
            + package.alignments.map { alignment in
                association(
                    alignment.identifier, alignment.type, of: document, position: nil, from: links[alignment.origin],
                    to: CASEFile.Link(
                        title: links[alignment.destination]?.title ?? alignment.destinationURI,
                        identifier: alignment.destination, uri: alignment.destinationURI))
            }
    }

    private func association(
        _ identifier: String, _ type: String, of document: CASEDocument, position: Int?, from origin: CASEFile.Link?,
        to destination: CASEFile.Link
    ) -> CASEFile.Association {
        let base = document.uri.split(separator: "/CFDocuments/").first.map { "\($0)/CFAssociations/" } ?? "urn:uuid:"
        return CASEFile.Association(
            identifier: identifier, uri: base + identifier, associationType: type, sequenceNumber: position,
            originNodeURI: origin, destinationNodeURI: destination, lastChangeDateTime: changed)
    }

    private func said(_ text: String) -> String? { text.isEmpty ? nil : text }
}
