import Calendar
import OneRoster
import Testing

/// The acceptance data: two good sets that say the same, and fourteen broken ones.
@Suite struct AcceptanceTests {
    @Test("both versions give the expected counts", arguments: ["oneroster_1.1", "oneroster_1.2"])
    func counts(set: String) throws {
        let expected = try RosterFixture.json("oneroster_expected.json", as: ExpectedCounts.self)
        let roster = try RosterFixture.roster(set)
        #expect(roster.orgs.count == expected.orgs)
        #expect(roster.orgs.count { $0.type == .district } == expected.boards)
        #expect(roster.orgs.count { $0.type == .school } == expected.schools)
        #expect(roster.users.count == expected.staff)
        #expect(roster.users.reduce(0) { $0 + $1.assignments.count } == expected.rolesRows)
        #expect(roster.users.count { $0.assignments.count == 2 } == expected.twoSchools)
        #expect(Set(roster.users.map(\.username)).count == expected.distinctUsernames)
        let boards = roster.users.compactMap { $0.primary.flatMap { roster.board(of: $0.orgID) } }
        #expect(Dictionary(boards.map { ($0, 1) }, uniquingKeysWith: +) == expected.byBoard)
        let roles = roster.users.compactMap(\.primary?.role.rawValue)
        let byRole = roster.version == .v11 ? expected.byRoleV11 : expected.byRole
        #expect(Dictionary(roles.map { ($0, 1) }, uniquingKeysWith: +) == byRole)
        #expect(roster.users.allSatisfy { $0.isEnabled && $0.assignments.count { $0.isPrimary } == 1 })
    }

    @Test("the extension columns of 1.2 are read")
    func extensions() throws {
        let expected = try RosterFixture.json("oneroster_expected.json", as: ExpectedCounts.self)
        let roster = try RosterFixture.roster("oneroster_1.2")
        let staffRoles = roster.users.compactMap(\.staffRole)
        #expect(Dictionary(staffRoles.map { ($0, 1) }, uniquingKeysWith: +) == expected.byStaffRole)
        let remote = Set(roster.orgs.filter { $0.isRemote == true }.map(\.sourcedID))
        #expect(remote.count == expected.remoteSchools)
        let inRemote = roster.users.count { $0.primary.map { remote.contains($0.orgID) } ?? false }
        #expect(inRemote == expected.staffWhosePrimarySchoolIsRemote)
        #expect(Set(roster.orgs.compactMap(\.timeZone)).count == 3)
        #expect(roster.orgs.first { $0.sourcedID == "s-01" }?.locality == "Thunder Bay")
        #expect(roster.users.first?.languages == ["fr", "en"])
        #expect(roster.users.first?.assignments.first?.begin?.description == "2026-09-01")
        #expect(roster.users.first?.assignments.first?.end == nil)
    }

    @Test("each person is as the index says, texts byte for byte", arguments: ["oneroster_1.1", "oneroster_1.2"])
    func people(set: String) throws {
        let index = try RosterFixture.json("people_index.json", as: [IndexedPerson].self)
        let roster = try RosterFixture.roster(set)
        #expect(index.count == roster.users.count)
        for (person, user) in zip(index, roster.users) {
            #expect(user.sourcedID == person.id)
            // `==` on strings would not see a changed normal form.
            for (expected, text) in [(person.given, user.givenName), (person.family, user.familyName)] {
                #expect(Array(expected.utf8) == Array(text.utf8))
            }
            #expect((user.username, user.email) == (person.username, person.email))
            #expect(Set(user.assignments.map(\.orgID)) == Set(person.orgs))
            #expect(user.primary?.orgID == person.orgs.first)
            #expect(user.assignments.allSatisfy { roster.board(of: $0.orgID) == person.board })
            if roster.version == .v12 {
                #expect((user.primary?.role.rawValue, user.staffRole) == (person.role, person.staffRole))
            }
        }
    }

    @Test("both versions hold the same people in the same places")
    func versionsAgree() throws {
        let (old, new) = (try RosterFixture.roster("oneroster_1.1"), try RosterFixture.roster("oneroster_1.2"))
        func facts(_ roster: Roster) -> [[String?]] {
            roster.users.map {
                [$0.sourcedID, $0.username, $0.givenName, $0.familyName, $0.middleName, $0.email, $0.identifier]
                    + $0.assignments.map(\.orgID)
            }
        }
        #expect(facts(old) == facts(new))
        #expect(
            old.orgs.map { [$0.sourcedID, $0.name, $0.parentID] }
                == new.orgs.map { [$0.sourcedID, $0.name, $0.parentID] })
    }

    @Test("each row knows its file and line")
    func lines() throws {
        for set in ["oneroster_1.1", "oneroster_1.2"] {
            let roster = try RosterFixture.roster(set)
            let files = try RosterFixture.files(set)
            func line(_ file: String, _ number: Int) -> String {
                let lines = (files[file] ?? []).split(separator: 0x0A)
                return lines.indices.contains(number - 1) ? String(decoding: lines[number - 1], as: UTF8.self) : ""
            }
            for org in roster.orgs { #expect(line("orgs.csv", org.line).hasPrefix(org.sourcedID + ",")) }
            for user in roster.users {
                #expect(line("users.csv", user.line).hasPrefix(user.sourcedID + ","))
                for place in user.assignments {
                    #expect(line(place.file, place.line).hasPrefix((place.sourcedID ?? user.sourcedID) + ","))
                }
            }
        }
    }

    static let broken = (try? RosterFixture.json("oneroster_bad/expected.json", as: ExpectedErrors.self).errors) ?? []

    @Test("the fourteen broken sets are there")
    func fourteen() { #expect(Self.broken.count == 14) }

    @Test("each broken set gives its code, file, line and column, and nothing else", arguments: broken)
    func refuses(expected: ExpectedErrors.Row) throws {
        let reading = RosterReader().read(files: try RosterFixture.files("oneroster_bad/" + expected.set))
        if expected.code == "OK" {
            #expect(reading.problems.isEmpty)
            #expect(reading.roster?.users.first?.givenName == "=HYPERLINK(\"x\")")
            return
        }
        #expect(reading.problems.count == 1)
        let problem = try #require(reading.problems.first)
        #expect((problem.code.rawValue, problem.file) == (expected.code, expected.file))
        #expect((problem.line, problem.column) == (expected.line, expected.column))
        #expect(!problem.french.isEmpty && !problem.english.isEmpty && problem.french != problem.english)
        #expect((reading.roster == nil) == !problem.isWarning)
        if expected.set == "bom" { #expect(reading.roster?.users.first?.sourcedID == "p-0001") }
    }

    @Test("the delta set says who comes, who goes and who moves, each with its line")
    func readsDelta() throws {
        let reading = RosterReader().read(files: try RosterFixture.files("oneroster_1.2_delta"))
        #expect(reading.mode == .delta && reading.version == .v12 && reading.problems.isEmpty)
        let roster = try #require(reading.roster)
        #expect(roster.users.map(\.sourcedID) == ["p-0053", "p-0093", "p-0121"])
        #expect(roster.users.map(\.isDeleted) == [false, true, false])
        #expect(roster.users.map(\.line) == [2, 3, 4])
        let gone = roster.roleChanges.compactMap { change -> String? in
            guard case .deleted(_, let id, _, _, _) = change else { return nil }
            return id
        }
        #expect(gone == ["r-p-0053-s-05", "r-p-0093-s-09"] && roster.roleChanges.count == 4)
    }

    @Test("a row of a delta without a status or a date of change is told by its line", arguments: ["status", "date"])
    func needsStatus(_ missing: String) throws {
        var files = try RosterFixture.files("oneroster_1.2_delta")
        let users = String(decoding: try #require(files["users.csv"]), as: UTF8.self)
        let both = "p-0093,tobedeleted,2026-11-20T14:00:00.000Z,"
        #expect(users.contains(both))
        let one = missing == "status" ? "p-0093,,2026-11-20T14:00:00.000Z," : "p-0093,tobedeleted,,"
        files["users.csv"] = Array(users.replacing(both, with: one).utf8)
        let problem = try #require(RosterReader().read(files: files).problems.first)
        #expect((problem.code, problem.file, problem.line) == (.statusMissingInDelta, "users.csv", 3))
        #expect(problem.column == (missing == "status" ? "status" : "dateLastModified"))
    }
}
