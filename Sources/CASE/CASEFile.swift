/// The JSON of a package, field by field as the standard names them (CASE 1.1, "CFPackage"). Whether what is required is
/// there is looked at later, so that all that is missing can be told at once.
struct CASEFile: Codable {
    var CFDocument: Document?
    var CFItems: [Item]?
    var CFAssociations: [Association]?

    struct Document: Codable {
        var identifier: String?
        var uri: String?
        var creator: String?
        var title: String?
        var lastChangeDateTime: String?
        var publisher: String?
        var description: String?
        var language: String?
        var version: String?
        var adoptionStatus: String?
        var CFPackageURI: Link?
    }

    struct Item: Codable {
        var identifier: String?
        var uri: String?
        var fullStatement: String?
        var humanCodingScheme: String?
        var language: String?
        var lastChangeDateTime: String?
        var CFDocumentURI: Link?
    }

    struct Association: Codable {
        var identifier: String?
        var uri: String?
        var associationType: String?
        var sequenceNumber: Int?
        var originNodeURI: Link?
        var destinationNodeURI: Link?
        var lastChangeDateTime: String?
    }

    /// A reference (LinkURI).
    struct Link: Codable {
        var title: String?
        var identifier: String?
        var uri: String?
    }
}
