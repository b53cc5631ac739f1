import DirectoryAPI
import ModuleKit

extension API.Org {
    init(_ org: Org) {
        self = .with {
            $0.name = org.name.description
            $0.sourceID = org.sourceID
            $0.kind = Kind(org.kind)
            $0.parent = org.parent.map { OrgName(board: org.name.board, org: $0).description } ?? ""
            $0.title = org.title
            $0.zone = org.zone
            $0.locality = org.locality
            $0.remote = org.isRemote
            $0.active = org.isActive
            $0.etag = Etag(revision: org.revision).description
        }
    }
}

extension API.Org.Kind {
    init(_ kind: Org.Kind) {
        switch kind {
        case .board: self = .board
        case .school: self = .school
        case .site: self = .site
        }
    }
}
