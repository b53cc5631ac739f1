import DirectoryAPI
import ModuleKit

/// One version of a competency framework (référentiel de compétences). A published version never changes.
struct Framework: Resource, Equatable {
    enum State: String, ColumnValue {
        case draft = "DRAFT"
        case published = "PUBLISHED"
        case retired = "RETIRED"
    }

    enum Refusal: Error, Equatable {
        case notDraft
        case notPublished
    }

    let name: FrameworkName
    /// The identifier of the CASE document: the same for all versions.
    let identifier: String
    /// Counted from 1 in the board.
    let version: Int64
    let title: TextByLanguage
    let publisher: String
    let creator: String
    let summary: String
    /// RFC 5646: of the texts that came with the package.
    let language: String
    let uri: String
    let competencyCount: Int
    let createdAt: Timestamp
    var state = State.draft
    var publishedAt: Timestamp?
    var revision: Int64 = 1

    var etag: Etag { Etag(revision: revision) }

    /// Drafts are seen by the leads who prepare them.
    var belonging: Belonging { Belonging(board: name.board, isOpen: state != .draft) }

    mutating func publish(at now: Timestamp) throws(Refusal) {
        guard state == .draft else { throw .notDraft }
        (state, publishedAt, revision) = (.published, now, revision + 1)
    }

    mutating func retire() throws(Refusal) {
        guard state == .published else { throw .notPublished }
        (state, revision) = (.retired, revision + 1)
    }
}

/// Something that one can learn to do, in one version of a framework.
struct Competency: Resource, Equatable {
    let name: CompetencyName
    /// The identifier of the CASE item: the same in all versions, and what levels and needs refer to.
    let identifier: String
    /// The id of the competency above it.
    let parent: String?
    let code: String
    let text: TextByLanguage
    /// RFC 5646, as the package says it; empty: the framework's.
    let language: String
    let uri: String
    /// Its place among those with the same parent, as the package says it.
    let position: Int?
    /// The identifier of the association that says what it lies below.
    let placement: String?
    /// Its place in the list: each before what lies below it.
    let order: Int64
    /// Whether its framework is seen by all staff.
    let isOpen: Bool

    var belonging: Belonging { Belonging(board: name.board, isOpen: isOpen) }
}

/// How a competency stands to one of another framework.
struct Alignment: Equatable, Sendable {
    let identifier: String
    /// The id of the competency.
    let origin: String
    /// As CASE says it.
    let type: String
    /// The identifier of the other.
    let destination: String
    let uri: String

    var kind: API.Alignment.Kind {
        switch type {
        case "exactMatchOf": .exact
        case "isPartOf", "ext:broadMatchOf": .broad
        case "ext:narrowMatchOf": .narrow
        case "isRelatedTo", "isPeerOf": .related
        default: .unspecified
        }
    }
}

/// The levels of mastery that people give themselves, the same for all frameworks.
enum Mastery {
    static let highest = 4

    static let texts: [LocalizedText] = [
        LocalizedText(fr: "Pas encore abordé", en: "Not begun yet"),
        LocalizedText(fr: "Je découvre", en: "I am discovering it"),
        LocalizedText(fr: "J'essaie avec de l'aide", en: "I try it with help"),
        LocalizedText(fr: "Je le fais de façon autonome", en: "I do it by myself"),
        LocalizedText(fr: "J'accompagne des collègues", en: "I support colleagues in it"),
    ]
}
