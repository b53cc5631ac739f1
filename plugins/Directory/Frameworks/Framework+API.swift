import DirectoryAPI
import ModuleKit

extension API.Framework {
    init(_ framework: Framework) {
        self = .with {
            $0.name = framework.name.description
            $0.identifier = framework.identifier
            $0.version = Int32(clamping: framework.version)
            $0.title = framework.title.texts
            $0.publisher = framework.publisher
            $0.summary = framework.summary
            $0.state = State(framework.state)
            $0.competencyCount = Int32(clamping: framework.competencyCount)
            $0.levels = Mastery.texts.enumerated().map { number, text in
                .with { ($0.number, $0.text) = (Int32(number), ["fr": text.fr, "en": text.en]) }
            }
            $0.caseUri = framework.uri
            $0.createTime = .init(framework.createdAt)
            if let published = framework.publishedAt { $0.publishTime = .init(published) }
            $0.etag = framework.etag.description
        }
    }
}

extension API.Framework.State {
    init(_ state: Framework.State) {
        switch state {
        case .draft: self = .draft
        case .published: self = .published
        case .retired: self = .retired
        }
    }
}

extension API.Competency {
    init(_ competency: Competency) {
        let name = competency.name
        self = .with {
            $0.name = name.description
            $0.identifier = competency.identifier
            $0.code = competency.code
            $0.text = competency.text.texts
            $0.parent =
                competency.parent.map {
                    CompetencyName(board: name.board, framework: name.framework, competency: $0).description
                } ?? ""
            $0.caseUri = competency.uri
        }
    }
}

extension API.Alignment {
    /// - Parameter other: the competency that it means, if the board has it.
    init(_ alignment: Alignment, other: Competency?) {
        self = .with {
            $0.kind = alignment.kind
            $0.type = alignment.type
            $0.identifier = alignment.destination
            $0.uri = alignment.uri
            $0.competency = other?.name.description ?? ""
        }
    }
}
