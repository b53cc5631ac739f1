import OneRoster
import Testing

/// The rules of rows, each broken once in a set that is right otherwise.
@Suite struct RowRuleTests {
    struct Change: Sendable, CustomTestStringConvertible {
        var file: String
        var old: String
        var new: String
        var problems: [String]

        init(_ file: String, _ old: String, _ new: String, _ problems: String...) {
            (self.file, self.old, self.new, self.problems) = (file, old, new, problems)
        }

        var testDescription: String { "\(file): \(old) → \(new)" }
    }

    @Test("the small set is right")
    func smallSet() throws {
        let set = try SmallSet()
        #expect(set.problems() == [])
        let roster = try #require(RosterReader().read(files: set.files).roster)
        #expect(roster.users.map(\.sourcedID) == ["p-0001", "p-0004"] && roster.board(of: "s-01") == "b-csrb")
    }

    static let orgChanges = [
        Change(
            "orgs.csv", "s-01,,,", ",,,", "REQUIRED_EMPTY orgs.csv:3 sourcedId",
            "UNKNOWN_REFERENCE roles.csv:3 orgSourcedId", "UNKNOWN_REFERENCE users.csv:3 primaryOrgSourcedId"),
        Change("orgs.csv", "École élémentaire du Lac-Bleu", "", "REQUIRED_EMPTY orgs.csv:3 name"),
        Change("orgs.csv", ",school,", ",ecole,", "BAD_ENUM orgs.csv:3 type"),
        Change("orgs.csv", ",b-csrb,America", ",b-none,America", "UNKNOWN_REFERENCE orgs.csv:3 parentSourcedId"),
        Change("orgs.csv", ",b-csrb,America", ",,America", "NO_BOARD orgs.csv:3 parentSourcedId"),
        Change("orgs.csv", ",b-csrb,America", ",s-01,America", "ORG_CYCLE orgs.csv:3 parentSourcedId"),
        Change("orgs.csv", ",district,CSRB,,", ",district,CSRB,s-01,", "ORG_CYCLE orgs.csv:2 parentSourcedId"),
        Change("orgs.csv", "Toronto,false", "Toronto,no", "BAD_ENUM orgs.csv:2 metadata.cordee.remote"),
        Change(
            "orgs.csv", "s-01,,,", "b-csrb,,,", "DUPLICATE_SOURCED_ID orgs.csv:3 sourcedId",
            "UNKNOWN_REFERENCE roles.csv:3 orgSourcedId", "UNKNOWN_REFERENCE users.csv:3 primaryOrgSourcedId"),
    ]

    static let userChanges = [
        Change("users.csv", "p-0001,,,true", "p-0001,,2026-01-01,true", "STATUS_IN_BULK users.csv:2 dateLastModified"),
        Change("users.csv", "p-0001,,,true", "p-0001,,,", "REQUIRED_EMPTY users.csv:2 enabledUser"),
        Change("users.csv", "p-0001,,,true", "p-0001,,,TRUE", "BAD_ENUM users.csv:2 enabledUser"),
        Change("users.csv", "lcharlebois,", "CStAmour,", "DUPLICATE_USERNAME users.csv:3 username"),
        Change("users.csv", "lcharlebois@csrb", "CSTAMOUR@csrb", "DUPLICATE_EMAIL users.csv:3 email"),
        Change("users.csv", "lcharlebois@csrb.example", "lcharlebois", "BAD_EMAIL users.csv:3 email"),
        Change("users.csv", "fr;en", "fr,en", "FIELD_COUNT users.csv:2"),
        Change("users.csv", "fr;en", "fr;", "BAD_LANGUAGE users.csv:2 metadata.cordee.languages"),
        Change("users.csv", ",b-csrb,,resp", ",b-none,,resp", "UNKNOWN_REFERENCE users.csv:2 primaryOrgSourcedId"),
        Change("users.csv", "Cédric", "\"Cédric", "BAD_CSV users.csv:2"),
        Change("users.csv", "Cédric", "Cé\u{0}dric", "EMBEDDED_NUL users.csv:2"),
        Change("users.csv", "Cédric", String(repeating: "é", count: 2049), "FIELD_TOO_LONG users.csv:2"),
        Change(
            "users.csv", ",pronouns,", ",username,", "DUPLICATE_COLUMN users.csv:1 username",
            "MISSING_COLUMN users.csv:1 pronouns"),
        Change("users.csv", "metadata.cordee.staffRole", "shoeSize", "WARNING_UNKNOWN_COLUMN users.csv:1 shoeSize"),
    ]

    static let roleChanges = [
        Change(
            "roles.csv", "p-0001,primary", "p-9999,primary", "PRIMARY_ROLE users.csv:2",
            "UNKNOWN_REFERENCE roles.csv:2 userSourcedId"),
        Change("roles.csv", "p-0001,primary", "p-0001,secondary", "PRIMARY_ROLE users.csv:2"),
        Change("roles.csv", "p-0001,primary", "p-0001,main", "BAD_ENUM roles.csv:2 roleType"),
        Change(
            "roles.csv", "p-0004,primary", "p-0001,primary", "PRIMARY_ROLE roles.csv:3 roleType",
            "PRIMARY_ROLE users.csv:3"),
        Change("roles.csv", ",principal,", ",administrator,", "BAD_ENUM roles.csv:3 role"),
        Change("roles.csv", "2026-09-01", "2026-02-29", "BAD_DATE roles.csv:2 beginDate"),
        Change("roles.csv", "2026-09-01,", "2026-09-01,2026-08-31", "BAD_DATE roles.csv:2 endDate"),
        Change("roles.csv", ",s-01,", ",s-99,", "UNKNOWN_REFERENCE roles.csv:3 orgSourcedId"),
        Change("roles.csv", ",s-01,", ",,", "REQUIRED_EMPTY roles.csv:3 orgSourcedId"),
        Change("roles.csv", "2026-09-01,,s-01,", "2026-09-01,,s-01\n", "FIELD_COUNT roles.csv:3"),
    ]

    @Test("a broken row is told with its place", arguments: orgChanges + userChanges + roleChanges)
    func tells(change: Change) throws {
        var set = try SmallSet()
        set.replace(change.file, change.old, change.new)
        #expect(set.problems().sorted() == change.problems.sorted())
    }

    @Test("a user's second place with the same role and begin is told once")
    func sameAssignment() throws {
        var set = try SmallSet()
        set.append("roles.csv", "r-2,,,p-0004,secondary,principal,2026-09-01,,s-01,")
        #expect(set.problems() == ["DUPLICATE_ASSIGNMENT roles.csv:4 orgSourcedId"])
    }

    @Test("a disabled person needs no role, and their address may be given on")
    func disabled() throws {
        var set = try SmallSet()
        set.replace("users.csv", "p-0001,,,true", "p-0001,,,false")
        set.replace("users.csv", "lcharlebois@csrb.example", "cstamour@csrb.example")
        #expect(set.problems() == [])
        set.keep("roles.csv", ["sourcedId", "r-p-0004-s-01"])
        #expect(set.problems() == [])
    }

    @Test("an address may be used in two boards")
    func addressPerBoard() throws {
        var set = try SmallSet()
        set.append("orgs.csv", "b-2,,,Deux,district,,,,,")
        set.replace("roles.csv", ",s-01,", ",b-2,")
        set.replace("users.csv", "lcharlebois@csrb.example", "cstamour@csrb.example")
        #expect(set.problems() == [])
    }

    @Test("users.csv of 1.2 may lack resourceSourcedIds")
    func optionalColumn() throws {
        var set = try SmallSet()
        let table = set.text("users.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let index = try #require(table[0].firstIndex(of: "resourceSourcedIds"))
        let lines = table.map { ($0[..<index] + $0[(index + 1)...]).joined(separator: ",") }
        set.files["users.csv"] = Array(lines.joined(separator: "\r\n").utf8)
        #expect(set.problems() == [])
    }

    @Test("places of 1.1: the first organisation is the primary one, a repeated one is told")
    func oldPlaces() throws {
        var set = try SmallSet()
        set.files = try RosterFixture.files("oneroster_bad/formula")
        set.replace("users.csv", "true,s-01,", "true,\"s-02,s-01\",")
        let roster = try #require(RosterReader().read(files: set.files).roster)
        #expect(roster.users[0].assignments.map(\.orgID) == ["s-02", "s-01"])
        #expect(roster.users[0].assignments.map(\.isPrimary) == [true, false])
        set.replace("users.csv", "s-02,s-01", "s-02,s-02")
        #expect(set.problems() == ["DUPLICATE_ASSIGNMENT users.csv:2 orgSourcedIds"])
        set.replace("users.csv", "s-02,s-02", ",")
        #expect(set.problems() == ["REQUIRED_EMPTY users.csv:2 orgSourcedIds"])
    }

    @Test("a field may hold commas, quotes and line ends; later rows keep their physical line")
    func physicalLines() throws {
        var set = try SmallSet()
        set.replace("users.csv", "Cédric", "\"Cé, \"\"dric\"\"\r\n\"")
        set.replace("users.csv", "p-0004,,,true", "p-0004,,,maybe")
        #expect(set.problems() == ["BAD_ENUM users.csv:4 enabledUser"])
        set.replace("users.csv", "maybe", "true")
        #expect(RosterReader().read(files: set.files).roster?.users[0].givenName == "Cé, \"dric\"\r\n")
    }

    @Test(
        "addresses are judged by their form",
        arguments: [
            ("a@b.example", true), ("élise.côté@école.example", true), ("o'neil+x@b-c.example", true), ("a@b", false),
            ("@b.example", false), ("a@", false), ("a@@b.example", false), ("a b@c.example", false),
            (".a@b.example", false),
            ("a..b@c.example", false), ("a@-b.example", false), ("a@b..example", false), ("<a@b.example>", false),
        ])
    func addresses(address: String, isGood: Bool) throws {
        var set = try SmallSet()
        set.replace("users.csv", "lcharlebois@csrb.example", address)
        #expect(set.problems() == (isGood ? [] : ["BAD_EMAIL users.csv:3 email"]))
    }
}
