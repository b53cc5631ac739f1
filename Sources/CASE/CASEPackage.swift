/// A competency framework as CASE 1.1 carries it (1EdTech, Competencies and Academic Standards Exchange): a document, its
/// items, and how they belong together. Well-formed: each reference within it is there, and no item lies below itself.
public struct CASEPackage: Equatable, Sendable {
    public var document: CASEDocument
    /// In the order of the file.
    public var items: [CASEItem]
    /// What is above an item, by identifiers; items that are not in it are at the top.
    public var parents: [String: String]
    /// All other associations.
    public var alignments: [CASEAlignment]

    public init(
        document: CASEDocument, items: [CASEItem], parents: [String: String] = [:], alignments: [CASEAlignment] = []
    ) {
        (self.document, self.items, self.parents, self.alignments) = (document, items, parents, alignments)
    }

    /// The items at the top, in the order of the file.
    public var roots: [CASEItem] { items.filter { parents[$0.identifier] == nil } }

    /// The alignments whose destination is no item of the package.
    public var unresolved: [CASEAlignment] {
        let known = Set(items.map(\.identifier))
        return alignments.filter { !known.contains($0.destination) }
    }
}

/// What the framework is (CFDocument).
public struct CASEDocument: Equatable, Sendable {
    /// A UUID, in lower case.
    public var identifier: String
    public var uri: String
    public var title: String
    public var creator: String
    public var publisher: String
    public var summary: String
    /// RFC 5646; empty if it is not said.
    public var language: String
    public var version: String
    /// "Draft", "Adopted", "Deprecated"…; empty if it is not said.
    public var adoptionStatus: String

    public init(
        identifier: String, uri: String, title: String, creator: String, publisher: String = "", summary: String = "",
        language: String = "", version: String = "", adoptionStatus: String = ""
    ) {
        (self.identifier, self.uri, self.title, self.creator) = (identifier, uri, title, creator)
        (self.publisher, self.summary, self.language) = (publisher, summary, language)
        (self.version, self.adoptionStatus) = (version, adoptionStatus)
    }
}

/// One competency (CFItem).
public struct CASEItem: Equatable, Sendable {
    /// A UUID, in lower case.
    public var identifier: String
    public var uri: String
    /// "C1.2"; empty if it has none.
    public var code: String
    public var statement: String
    /// RFC 5646; empty: that of the document.
    public var language: String
    /// Its place among those with the same parent; those without one come after, in the order of the file.
    public var position: Int?
    /// The identifier of the association that says what it lies below; nil without one: it is at the top.
    public var placement: String?

    public init(
        identifier: String, uri: String, code: String, statement: String, language: String = "", position: Int? = nil,
        placement: String? = nil
    ) {
        (self.identifier, self.uri, self.code, self.statement) = (identifier, uri, code, statement)
        (self.language, self.position, self.placement) = (language, position, placement)
    }
}

/// How an item of the package stands to another, maybe of another framework (CFAssociation, but isChildOf).
public struct CASEAlignment: Equatable, Sendable {
    public var identifier: String
    /// `associationType`: "exactMatchOf", "isRelatedTo", "ext:…".
    public var type: String
    /// The identifier of an item of the package.
    public var origin: String
    /// The identifier of the other item.
    public var destination: String
    public var destinationURI: String

    public init(identifier: String, type: String, origin: String, destination: String, destinationURI: String) {
        (self.identifier, self.type, self.origin) = (identifier, type, origin)
        (self.destination, self.destinationURI) = (destination, destinationURI)
    }
}
