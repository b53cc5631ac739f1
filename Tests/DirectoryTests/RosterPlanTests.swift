import DirectoryAPI
import ModuleKit
import OneRoster
import Testing

@testable import DirectoryModule

/// Plans without a database: what is there, what the roster says, what changes.
@Suite("the plan of an import")
struct RosterPlanTests {
    /// A board "b" with two schools "s1" and "s2", known to the directory by ids that begin with "id-".
    private static let board = Org.board(id: "id-b", sourceID: "b", at: TestDirectory.now)

    private static func org(_ id: String, parent: String? = "b", board: String? = "b") -> StagedRoster.OrgRow {
        StagedRoster.OrgRow(
            line: 2, sourceID: id, board: board, parent: parent, kind: parent == nil ? .board : .school, title: id)
    }

    private static func person(
        _ id: String, at orgs: [String] = ["s1"], email: String = "", line: Int = 2, name: String = "Roy"
    ) -> StagedRoster.PersonRow {
        StagedRoster.PersonRow(
            line: line, sourceID: id, board: "b",
            details: Person.Details(givenName: "Ève", familyName: name, email: email),
            places: orgs.enumerated().map { index, org in
                StagedRoster.Place(
                    file: "roles.csv", line: line, org: org, board: "b", role: "teacher", isPrimary: index == 0)
            })
    }

    private static func roster(
        _ people: [StagedRoster.PersonRow]?,
        orgs: [StagedRoster.OrgRow] = [org("b", parent: nil), org("s1"), org("s2")]
    ) -> StagedRoster {
        StagedRoster(version: .v12, orgs: orgs, people: people)
    }

    private static func plan(_ roster: StagedRoster, onto rows: DirectoryRows) throws(ImportRefusal) -> RosterPlan {
        var count = rows.orgs.count + rows.people.count + rows.assignments.count
        return try RosterPlan(roster, onto: rows, at: TestDirectory.now) {
            count += 1
            return "id-\(count)"
        }
    }

    private static let empty = DirectoryRows(boards: ["b": "id-b"], orgs: [board])

    /// The rows after a plan was applied to others.
    private static func rows(_ rows: DirectoryRows, after plan: RosterPlan) -> DirectoryRows {
        func merged<Row, ID: Hashable>(_ old: [Row], _ changed: [Row], _ new: [Row], id: (Row) -> ID) -> [Row] {
            let byID = Dictionary(uniqueKeysWithValues: changed.map { (id($0), $0) })
            return old.map { byID[id($0)] ?? $0 } + new
        }
        var after = rows
        after.orgs = merged(rows.orgs, plan.changedOrgs, plan.newOrgs, id: \.name)
        after.people = merged(rows.people, plan.changedPeople + plan.leavers, plan.newPeople, id: \.name)
        let ended = Set(plan.endedAssignments.map(\.id))
        after.assignments = merged(
            rows.assignments.filter { !ended.contains($0.id) }, plan.changedAssignments, plan.newAssignments, id: \.id)
        return after
    }

    @Test("a plan applied leaves nothing to plan")
    func isIdempotent() throws {
        let roster = Self.roster([Self.person("p1", at: ["s1", "s2"]), Self.person("p2", at: ["s2"])])
        let first = try Self.plan(roster, onto: Self.empty)
        #expect(first.orgs == RosterPlan.Counts(created: 2, unchanged: 1))
        #expect(first.people == RosterPlan.Counts(created: 2))
        #expect(first.assignments == RosterPlan.Counts(created: 3))
        #expect(first.moved.isEmpty)
        let second = try Self.plan(roster, onto: Self.rows(Self.empty, after: first))
        #expect(second.orgs == RosterPlan.Counts(unchanged: 3))
        #expect(second.people == RosterPlan.Counts(unchanged: 2))
        #expect(second.assignments == RosterPlan.Counts(unchanged: 3))
        #expect(second.changedBoards.isEmpty)
    }

    @Test("whoever changes school keeps the record, gets a new place and loses the old")
    func moves() throws {
        let before = Self.rows(Self.empty, after: try Self.plan(Self.roster([Self.person("p1")]), onto: Self.empty))
        let plan = try Self.plan(Self.roster([Self.person("p1", at: ["s2"])]), onto: before)
        #expect(plan.people == RosterPlan.Counts(unchanged: 1))
        #expect(plan.assignments == RosterPlan.Counts(created: 1, deactivated: 1))
        #expect(plan.moved == before.people.map(\.name))
    }

    @Test("a main place is given up before another is taken")
    func swapsPrimaries() throws {
        let people = [Self.person("p1", at: ["s1", "s2"])]
        let before = Self.rows(Self.empty, after: try Self.plan(Self.roster(people), onto: Self.empty))
        let plan = try Self.plan(Self.roster([Self.person("p1", at: ["s2", "s1"])]), onto: before)
        #expect(plan.changedAssignments.map(\.isPrimary) == [false, true])
        #expect(plan.assignments == RosterPlan.Counts(updated: 2))
    }

    @Test("an org that is gone is kept as inactive, and comes back with its id")
    func keepsOrgs() throws {
        let before = Self.rows(Self.empty, after: try Self.plan(Self.roster([]), onto: Self.empty))
        let smaller = Self.roster([], orgs: [Self.org("b", parent: nil), Self.org("s1")])
        let plan = try Self.plan(smaller, onto: before)
        #expect(plan.orgs == RosterPlan.Counts(unchanged: 2, deactivated: 1))
        let after = Self.rows(before, after: plan)
        #expect(after.orgs.filter { !$0.isActive }.map(\.sourceID) == ["s2"])
        let again = try Self.plan(Self.roster([]), onto: after)
        #expect(again.orgs == RosterPlan.Counts(updated: 1, unchanged: 2))
    }

    @Test("the two ways to write é are two names")
    func comparesBytes() throws {
        let before = Self.rows(
            Self.empty, after: try Self.plan(Self.roster([Self.person("p1", name: "H\u{E9}bert")]), onto: Self.empty))
        let plan = try Self.plan(Self.roster([Self.person("p1", name: "He\u{301}bert")]), onto: before)
        #expect(plan.people == RosterPlan.Counts(updated: 1))
    }

    @Test("a roster of orgs alone ends nobody")
    func keepsPeople() throws {
        let before = Self.rows(Self.empty, after: try Self.plan(Self.roster([Self.person("p1")]), onto: Self.empty))
        let plan = try Self.plan(Self.roster(nil), onto: before)
        #expect(plan.leavers.isEmpty && plan.endedAssignments.isEmpty)
    }

    @Test("a new person does not get an old one's record by taking over the mail address")
    func doesNotInherit() throws {
        let old = Self.roster([Self.person("p1", email: "eve@b.example")])
        let before = Self.rows(Self.empty, after: try Self.plan(old, onto: Self.empty))
        let plan = try Self.plan(Self.roster([Self.person("p2", email: "EVE@b.example")]), onto: before)
        #expect(plan.people == RosterPlan.Counts(created: 1, deactivated: 1))
        #expect(plan.newPeople.first?.name != before.people.first?.name)
    }

    @Test("the address of a founding lead is not taken by somebody whom the directory knows already")
    func refusesTakenAddresses() throws {
        let old = Self.roster([Self.person("p1", email: "eve@b.example")])
        var before = Self.rows(Self.empty, after: try Self.plan(old, onto: Self.empty))
        before.people.append(
            Person(
                name: PersonName(board: "id-b", person: "id-lead"), sourceID: nil,
                details: Person.Details(givenName: "", familyName: "lead", email: "lead@b.example"), state: .invited,
                createdAt: TestDirectory.now))
        let refusal = #expect(throws: ImportRefusal.self) {
            try Self.plan(Self.roster([Self.person("p1", email: "lead@b.example", line: 7)]), onto: before)
        }
        let expected = ImportProblem(.emailTaken, file: "users.csv", line: 7, column: "email")
        #expect(refusal == .rejected([expected], omitted: 0))
    }

    @Test("rows of other boards are told, by file and line, and no more than asked for")
    func tellsForeignRows() throws {
        var stranger = Self.person("p9", line: 9)
        stranger.board = "c"
        var seconded = Self.person("p8", at: ["s1", "s2"], line: 8)
        seconded.places[1].board = "c"
        var roster = Self.roster([stranger, seconded])
        let problems = roster.problems(importing: ["b"])
        #expect(problems.map(\.place) == ["users.csv:9", "roles.csv:8"])
        #expect(problems.map(\.code) == ["FOREIGN_BOARD", "OTHER_BOARD"])
        roster.problemsMax = 1
        let refusal = #expect(throws: ImportRefusal.self) { try roster.refuseIfAny(problems) }
        #expect(refusal == .rejected([problems[1]], omitted: 1))
    }

    @Test("a tenth of the staff may leave, one more may not", arguments: [(10, 1), (19, 1), (20, 2), (9, 0), (5, 0)])
    func countsDepartures(staff: Int, allowed: Int) throws {
        let people = (0..<staff).map { Self.person("p\($0)", email: "p\($0)@b.example") }
        let before = Self.rows(Self.empty, after: try Self.plan(Self.roster(people), onto: Self.empty))
        let few = try Self.plan(Self.roster(Array(people.dropFirst(allowed))), onto: before)
        try few.checkDepartures(areConfirmed: false)
        let many = try Self.plan(Self.roster(Array(people.dropFirst(allowed + 1))), onto: before)
        #expect(throws: ImportRefusal.confirmationRequired(["id-b": Departures(staff: staff, leaving: allowed + 1)])) {
            try many.checkDepartures(areConfirmed: false)
        }
        try many.checkDepartures(areConfirmed: true)
    }
}
