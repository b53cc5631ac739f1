import DirectoryAPI
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("reading the directory")
struct ReadTests {
    let consortium: Consortium
    let lead: Caller
    /// Somebody who works for the first board alone.
    let staff: Caller

    init() async throws {
        consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        lead = try consortium.leadCaller()
        staff = try #require(try consortium.caller(consortium.person(email: "spaquet@csrb.example").id))
    }

    private func orgs(pageSize: Int32, as caller: Caller) throws -> [API.Org] {
        let handlers = consortium.directory.handlers
        var request = API.ListOrgsRequest.with { $0.pageSize = pageSize }
        var orgs: [API.Org] = []
        repeat {
            let page = try consortium.directory.read(
                DirectoryMethods.listOrgs, request, as: caller, handlers.listOrgs)
            orgs += page.orgs
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty && orgs.count < 100
        return orgs
    }

    @Test("pages of orgs give each once, by name, and a school names its board as its parent", arguments: [1, 4, 15])
    func listsOrgs(pageSize: Int32) throws {
        let all = try orgs(pageSize: pageSize, as: lead)
        #expect(all == (try orgs(pageSize: 50, as: lead)))
        #expect(all.count == 15)
        for board in consortium.boards {
            let own = all.filter { $0.name.hasPrefix("boards/\(board)/") }
            let titles = own.map(\.title)
            #expect(titles == titles.sorted { SortKey.make($0).lexicographicallyPrecedes(SortKey.make($1)) })
            #expect(own.filter { $0.kind == .school }.allSatisfy { $0.parent == "boards/\(board)/orgs/\(board)" })
        }
        #expect(try orgs(pageSize: pageSize, as: staff).count == 5)
    }

    @Test("what lies in another board is not found, and what is not there neither")
    func hidesOtherBoards() async throws {
        let handlers = consortium.directory.handlers
        let other = try #require(try consortium.people().first { $0.email.hasSuffix("@csbc.example") })
        let missing = "boards/\(consortium.boards[0])/people/nobody"
        for name in [other.name, missing] {
            let refusal = await status {
                try consortium.directory.read(
                    DirectoryMethods.getPerson, .with { $0.name = name }, as: staff, handlers.getPerson)
            }
            #expect(refusal == Status.notFound(name))
        }
        // The id of one board's person under the name of another board.
        let moved = "boards/\(consortium.boards[0])/people/\(PersonName(other.name)?.person ?? "")"
        #expect(
            await status {
                try consortium.directory.read(
                    DirectoryMethods.getPerson, .with { $0.name = moved }, as: lead, handlers.getPerson)
            } == Status.notFound(moved))
    }

    @Test("one org and one person are as the lists show them")
    func gets() throws {
        let handlers = consortium.directory.handlers
        let org = try #require(try orgs(pageSize: 50, as: lead).first { $0.kind == .school })
        #expect(
            try consortium.directory.read(
                DirectoryMethods.getOrg, .with { $0.name = org.name }, as: lead, handlers.getOrg) == org)
        let person = try #require(try consortium.people().last)
        #expect(
            try consortium.directory.read(
                DirectoryMethods.getPerson, .with { $0.name = person.name }, as: lead, handlers.getPerson) == person)
    }
}
