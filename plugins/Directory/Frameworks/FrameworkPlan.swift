import CASE
import DirectoryAPI
import ModuleKit

/// A package as the rows that an import writes: all worked out before the write begins.
struct FrameworkPlan: Sendable {
    let framework: Framework
    /// Each after the one above it.
    let competencies: [Competency]
    let alignments: [Alignment]

    /// - Parameter newID: makes ids that rise.
    init(
        _ package: CASEPackage, board: String, version: Int64, at now: Timestamp, newID: () -> String
    ) {
        let document = package.document
        let language = document.language.isEmpty ? "fr" : document.language
        let name = FrameworkName(board: board, framework: newID())
        framework = Framework(
            name: name, identifier: document.identifier, version: version,
            title: TextByLanguage([language: document.title]), publisher: document.publisher,
            creator: document.creator, summary: document.summary, language: document.language, uri: document.uri,
            competencyCount: package.items.count, createdAt: now)
        var ids: [String: String] = [:]
        competencies = Self.inOrder(package).enumerated().map { order, item in
            let id = newID()
            ids[item.identifier] = id
            return Competency(
                name: CompetencyName(board: board, framework: name.framework, competency: id),
                identifier: item.identifier, parent: package.parents[item.identifier].flatMap { ids[$0] },
                code: item.code,
                text: TextByLanguage([item.language.isEmpty ? language : item.language: item.statement]),
                language: item.language, uri: item.uri, position: item.position, placement: item.placement,
                order: Int64(order + 1), isOpen: false)
        }
        alignments = package.alignments.compactMap { alignment in
            ids[alignment.origin].map {
                Alignment(
                    identifier: alignment.identifier, origin: $0, type: alignment.type,
                    destination: alignment.destination, uri: alignment.destinationURI)
            }
        }
    }

    /// Each item before what lies below it, siblings by their positions.
    private static func inOrder(_ package: CASEPackage) -> [CASEItem] {
        let children = Dictionary(grouping: package.items.enumerated()) { package.parents[$0.element.identifier] ?? "" }
            .mapValues { siblings in
                siblings.sorted { ($0.element.position ?? .max, $0.offset) < ($1.element.position ?? .max, $1.offset) }
                    .map(\.element)
            }
        var ordered: [CASEItem] = []
        var waiting = Array((children[""] ?? []).reversed())
        while let item = waiting.popLast() {
            ordered.append(item)
            waiting += (children[item.identifier] ?? []).reversed()
        }
        return ordered
    }
}

extension CASEPackage {
    /// The package that a framework came from, or would come from.
    init(_ framework: Framework, _ competencies: [Competency], _ alignments: [Alignment]) {
        let identifiers = Dictionary(competencies.map { ($0.name.competency, $0.identifier) }) { first, _ in first }
        self.init(
            document: CASEDocument(
                identifier: framework.identifier, uri: framework.uri,
                title: framework.title.text(framework.language), creator: framework.creator,
                publisher: framework.publisher, summary: framework.summary, language: framework.language,
                version: "\(framework.version)", adoptionStatus: framework.state.adoptionStatus),
            items: competencies.map {
                CASEItem(
                    identifier: $0.identifier, uri: $0.uri, code: $0.code,
                    statement: $0.text.text($0.language.isEmpty ? framework.language : $0.language),
                    language: $0.language, position: $0.position, placement: $0.placement)
            },
            parents: Dictionary(
                competencies.compactMap { competency in
                    competency.parent.flatMap { identifiers[$0] }.map { (competency.identifier, $0) }
                }
            ) { first, _ in first },
            alignments: alignments.compactMap { alignment in
                identifiers[alignment.origin].map {
                    CASEAlignment(
                        identifier: alignment.identifier, type: alignment.type, origin: $0,
                        destination: alignment.destination, destinationURI: alignment.uri)
                }
            })
    }
}

extension TextByLanguage {
    /// The text in the language of the package, which is the one text that an import knows.
    fileprivate func text(_ language: String) -> String {
        texts[language] ?? texts["fr"] ?? texts.min { $0.key < $1.key }?.value ?? ""
    }
}

extension Framework.State {
    /// As CASE calls it (CFAdoptionStatus).
    fileprivate var adoptionStatus: String {
        switch self {
        case .draft: "Draft"
        case .published: "Adopted"
        case .retired: "Deprecated"
        }
    }
}
