import DirectoryAPI
import ModuleKit

extension DirectoryPeople {
    func found(boards sourceIDs: [String], lead: FoundingLead, in call: WriteCall) throws -> FoundedBoards {
        var boards: [Org] = []
        for sourceID in sourceIDs where !boards.contains(where: { $0.sourceID == sourceID }) {
            let board = try foundBoard(sourceID, call)
            guard try !Grant.isLed(board.name.board, at: call.now, in: call.db) else {
                throw Grant.Refusal.boardHasLead(sourceID: sourceID)
            }
            boards.append(board)
        }
        guard let home = boards.first?.name.board else { throw Status.noBoard }
        let person = try foundPerson(lead, board: home, call)
        for board in boards { try give(.boardLead, to: person, over: board, call) }
        call.accessChanged()
        guard let member = try member(person.name.person, of: home, in: call.db) else {
            throw Status.notFound(person.name.description)
        }
        return FoundedBoards(boards: boards.map(\.name.board), lead: member)
    }

    private func foundBoard(_ sourceID: String, _ call: WriteCall) throws -> Org {
        if let board = try Org.board(sourceID: sourceID, in: call.db) { return board }
        let board = Org.board(id: call.newID(), sourceID: sourceID, at: call.now)
        try board.insert(in: call.db)
        try GlobalCompetencies.give(to: board.name.board, call)
        try call.emit(.founded(board))
        return board
    }

    /// The person with the lead's address, or a new one, to be completed by the first roster that names it.
    private func foundPerson(_ lead: FoundingLead, board: String, _ call: WriteCall) throws -> Person {
        if let known = try Person.find(email: lead.email, board: board, in: call.db) { return known }
        let isNamed = !lead.givenName.isEmpty || !lead.familyName.isEmpty
        let person = Person(
            name: PersonName(board: board, person: call.newID()),
            details: Person.Details(
                givenName: lead.givenName,
                familyName: isNamed ? lead.familyName : String(lead.email.prefix { $0 != "@" }),
                email: lead.email),
            state: .invited, createdAt: call.now)
        try person.insert(in: call.db)
        return person
    }

    private func give(_ role: Grant.Role, to person: Person, over board: Org, _ call: WriteCall) throws {
        let grant = Grant(
            name: GrantName(board: board.name.board, grant: call.newID()), person: person.name, role: role, org: nil,
            start: call.now, reason: "", grantedAt: call.now)
        try grant.insert(by: call.caller.person, in: call.db)
        try call.emit(.changed(grant))
    }
}
