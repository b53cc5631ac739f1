import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Lists")
struct PagingTests {
    @Test("walk through all people in the order of Canadian French, each once", arguments: [1, 7, 40, 1_000])
    func walk(pageSize: Int32) async throws {
        let scenario = try await Scenario.start()
        let pages = try await pages(
            of: .with {
                $0.parent = scenario.board
                $0.pageSize = pageSize
            }, by: scenario.lead)
        #expect(pages.dropLast().allSatisfy { $0.count == pageSize })
        let people = pages.flatMap { $0 }
        let indexed = try IndexedPerson.all().filter { $0.board == "b-csrb" }
        #expect(Set(people.map(\.sourceID)) == Set(indexed.map(\.id)))
        #expect(people.count == indexed.count)
        #expect(people.map(\.sourceID) == PagingExpectations.order)
    }

    @Test("names that differ in accents alone are ordered by the last of these accents")
    func accents() async throws {
        let names = try Fixture.json("language.json", as: LanguageFixture.self).sort.frCA
        let roster = try Roster.zip("oneroster_1.2") { files in
            for (index, name) in names.reversed().enumerated() {
                let id = "x-\(index)"
                files["users.csv"]? +=
                    "\(id),,,true,\(id),,Prénom,\(name),,,\(id)@csrb.example,,,,,,,,,,,s-01,,enseignement,fr\n"
                files["roles.csv"]? += "r-\(id),,,\(id),primary,teacher,2026-09-01,,s-01,\n"
            }
        }
        let scenario = try await Scenario.start(roster: roster)
        let found = try await scenario.lead.call(
            DirectoryMethods.listPeople,
            .with {
                $0.parent = scenario.board
                $0.query = "cote"
            })
        #expect(found.people.map(\.familyName) == names)
    }

    @Test("refuse a page token of another caller, another query, another list, or one that is made up")
    func foreignTokens() async throws {
        let scenario = try await Scenario.start()
        let request = CordeeDirectory_ListPeopleRequest.with {
            $0.parent = scenario.board
            $0.pageSize = 5
        }
        let first = try await scenario.lead.call(DirectoryMethods.listPeople, request)
        func with(_ change: (inout CordeeDirectory_ListPeopleRequest) -> Void) -> CordeeDirectory_ListPeopleRequest {
            var next = request
            next.pageToken = first.nextPageToken
            change(&next)
            return next
        }
        // Another size is the same list.
        let second = try await scenario.lead.call(DirectoryMethods.listPeople, with { $0.pageSize = 9 })
        #expect(second.people.count == 9)
        let wrong: [(TestClient, CordeeDirectory_ListPeopleRequest)] = [
            (scenario.facilitator, with { _ in }), (scenario.lead, with { $0.query = "a" }),
            (scenario.lead, with { $0.parent = "boards/-" }), (scenario.lead, with { $0.showLeft = true }),
            (scenario.lead, with { $0.pageToken = "made-up" }),
            (scenario.lead, with { $0.pageToken = String(first.nextPageToken.dropLast()) }),
        ]
        for (caller, request) in wrong {
            let status = try await caller.refusal(of: DirectoryMethods.listPeople, request)
            #expect(status.code == .invalidArgument)
            #expect(status.violations.map(\.field) == ["page_token"])
        }
        let elsewhere = try await scenario.lead.refusal(
            of: DirectoryMethods.listOrgs,
            .with {
                $0.parent = scenario.board
                $0.pageToken = first.nextPageToken
            })
        #expect(elsewhere.violations.map(\.field) == ["page_token"])
    }

    @Test("of workshops are ordered by their beginning, page by page")
    func workshops() async throws {
        let scenario = try await Scenario.start()
        var expected: [(Int, String)] = []
        for year in [2095, 2091, 2094, 2092, 2093] {
            let workshop = try await scenario.workshop(sessions: [Scenario.session(year: year)])
            expected.append((year, workshop.name))
        }
        var (found, token): ([String], String) = ([], "")
        repeat {
            let page = try await scenario.lead.call(
                WorkshopsMethods.listWorkshops,
                .with {
                    $0.pageSize = 2
                    $0.pageToken = token
                })
            found += page.workshops.map(\.name)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(found == expected.sorted { $0.0 < $1.0 }.map(\.1))
    }

    private func pages(
        of request: CordeeDirectory_ListPeopleRequest, by client: TestClient
    ) async throws -> [[CordeeDirectory_Person]] {
        var (request, pages): (_, [[CordeeDirectory_Person]]) = (request, [])
        repeat {
            let page = try await client.call(DirectoryMethods.listPeople, request)
            pages.append(page.people)
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty && pages.count < 200
        return pages
    }
}

private struct LanguageFixture: Decodable {
    struct Sort: Decodable {
        var frCA: [String]
        private enum CodingKeys: String, CodingKey { case frCA = "fr_CA" }
    }
    var sort: Sort
}
