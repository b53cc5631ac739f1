/// The JSON of a package, field by field as the standard names them (CASE 1.1, "CFPackage"). Whether what is required is
/// there is looked at later, so that all that is missing can be told at once.
struct CASEFile: Codable {
    var document: Document?
    var items: [Item]?
    var associations: [Association]?

    enum CodingKeys: String, CodingKey {
        case document = "CFDocument"
        case items = "CFItems"
        case associations = "CFAssociations"
    }

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
        var packageURI: Link?

        enum CodingKeys: String, CodingKey {
            case identifier, uri, creator, title, lastChangeDateTime, publisher, description, language, version
            case adoptionStatus
            case packageURI = "CFPackageURI"
        }
    }

    struct Item: Codable {
        var identifier: String?
        var uri: String?
        var fullStatement: String?
        var humanCodingScheme: String?
        var language: String?
        var lastChangeDateTime: String?
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
