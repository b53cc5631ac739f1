import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("founding boards")
struct FoundingTests {
    private static func found(
        _ boards: [String], _ email: String, given: String = "", family: String = "", in directory: TestDirectory
    ) async throws -> FoundedBoards {
        let people = directory.people
        return try await directory.writeAsOperator { call in
            try people.found(
                boards: boards, lead: FoundingLead(email: email, givenName: given, familyName: family), in: call)
        }
    }

    @Test("the lead holds the boards and is staff of each")
    func makesTheLead() async throws {
        let consortium = try await Consortium()
        let caller = try consortium.leadCaller()
        #expect(caller.homeBoard == consortium.boards[0])
        #expect(caller.displayName == "cstamour")
        let expected = consortium.boards.flatMap { board in
            [Caller.HeldRole(.staff, board: board), Caller.HeldRole(.boardLead, board: board)]
        }
        #expect(Set(caller.roles) == Set(expected))
    }

    @Test("a board that has a lead is refused, and nothing is founded")
    func refusesASecond() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        let before = try consortium.dump()
        let refusal = await status {
            try await Self.found(["b-csbc", "b-csrb"], "x@csbc.example", in: consortium.directory)
        }
        #expect(refusal?.reason == "BOARD_HAS_LEAD")
        #expect(refusal?.metadata == ["board": "b-csrb"])
        #expect(try consortium.dump() == before)
    }

    @Test("names are taken from the operator")
    func takesNames() async throws {
        let directory = try TestDirectory()
        let founded = try await Self.found(["b"], "a@b.example", given: "Ève", family: "Roy", in: directory)
        #expect(founded.lead.displayName == "Ève Roy")
    }

    @Test("addresses that differ in capitals are one")
    func comparesAddresses() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        #expect(try consortium.person(email: "CStAmour@CSRB.example").id == consortium.lead.id)
    }
}
