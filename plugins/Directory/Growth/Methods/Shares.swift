import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func shareSelfLevels(_ request: API.ShareSelfLevelsRequest, _ call: WriteCall) throws -> API.ShareSelfLevelsResponse
    {
        let owner = try call.ownPerson
        let until = Timestamp(request.untilTime)
        guard until > call.now, until <= call.now + Share.longest else { throw Status.shareTime }
        let competencies = try request.competencies.map { text in
            let competency = try call.find(Competency.self, text)
            guard competency.name.board == owner.board else { throw Status.notFound(text) }
            return competency.identifier
        }
        var audience: [(recipient: String?, org: String?)] = try Set(request.recipients).sorted().map { text in
            (recipient: try recipient(text, of: owner, call), org: nil)
        }
        if !request.org.isEmpty { audience.append((recipient: nil, org: try team(request.org, of: owner, call))) }
        guard !audience.isEmpty else { throw Status.nobodyToShareWith }
        try Share.deleteOver(of: owner.person, at: call.now, in: call.db)
        guard try Share.holding(of: owner.person, at: call.now, in: call.db).count + audience.count <= sharesMax else {
            throw Share.Refusal.tooMany(max: sharesMax)
        }
        let shares = audience.map { recipient, org in
            Share(
                name: ShareName(board: owner.board, share: call.newID()), person: owner.person, recipient: recipient,
                org: org, competencies: Set(competencies).sorted(), until: until, createdAt: call.now)
        }
        for share in shares { try share.insert(in: call.db) }
        return try .with { $0.shares = try shares.map { try API.Share($0, in: call.db) } }
    }

    /// - Throws: NOT_FOUND for whoever does not work for the board: the same for people of others and for nobody.
    private func recipient(_ text: String, of owner: PersonName, _ call: WriteCall) throws -> String {
        guard let name = PersonName(text), name.board == owner.board,
            let person = try Person.find(name, in: call.db), person.state.isStaff
        else { throw Status.notFound(text) }
        return name.person
    }

    /// A school where the person works.
    private func team(_ text: String, of owner: PersonName, _ call: WriteCall) throws -> String {
        guard let name = OrgName(text), name.board == owner.board,
            try Assignment.list(person: owner.person, in: call.db).contains(where: { $0.org == name.org })
        else { throw Status.notFound(text) }
        return name.org
    }

    func revokeShare(_ request: API.RevokeShareRequest, _ call: WriteCall) throws -> API.Share {
        let share = try call.find(Share.self, request.name)
        guard call.standing.covers(share.belonging) else { throw Status.forbidden }
        try share.delete(in: call.db)
        return try API.Share(share, in: call.db)
    }

    func listShares(_ request: API.ListSharesRequest, _ call: ReadCall) throws -> API.ListSharesResponse {
        let person = try call.ownPerson
        let page = try call.page(request, key: { PageKey($0.createdAt, $0.name.share) }) {
            board, after, limit -> [Share] in
            guard board == person.board else { return [] }
            return request.received
                ? try Share.list(to: person.person, at: call.now, after: after, limit: limit, in: call.db)
                : try Share.list(of: person.person, at: call.now, after: after, limit: limit, in: call.db)
        }
        return try .with {
            $0.shares = try page.items.map { try API.Share($0, in: call.db) }
            $0.nextPageToken = page.nextToken
        }
    }
}
