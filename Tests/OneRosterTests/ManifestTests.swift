import OneRoster
import Testing

/// The rules of the set as a whole.
@Suite struct ManifestTests {
    @Test(
        "a broken manifest is told with its place",
        arguments: [
            ("oneroster.version,1.2", "oneroster.version,1.3", ["BAD_VERSION manifest.csv:3 value"]),
            ("oneroster.version,1.2\n", "", ["MISSING_PROPERTY manifest.csv"]),
            ("manifest.version,1.0", "manifest.version,2.0", ["BAD_VERSION manifest.csv:2 value"]),
            ("file.orgs,bulk", "file.orgs,full", ["BAD_ENUM manifest.csv:15 value", "UNANNOUNCED_FILE orgs.csv"]),
            ("file.orgs,bulk", "file.orgs,bulk\nfile.orgs,bulk", ["DUPLICATE_PROPERTY manifest.csv:16 propertyName"]),
            ("file.classes,absent", "file.clases,absent", ["UNKNOWN_PROPERTY manifest.csv:6 propertyName"]),
            ("source.systemCode", "source.mood", ["WARNING_UNKNOWN_PROPERTY manifest.csv:26 propertyName"]),
            ("propertyName,value", "name,value", ["MISSING_COLUMN manifest.csv:1"]),
            ("file.classes,absent", "file.classes", ["FIELD_COUNT manifest.csv:6"]),
            ("file.classes,absent", "\"", ["BAD_CSV manifest.csv:6"]),
            ("file.users,bulk", "file.users,delta", ["UNSUPPORTED_MODE manifest.csv:24 value"]),
        ])
    func tells(old: String, new: String, problems: [String]) throws {
        var set = try SmallSet()
        set.replace("manifest.csv", old, new)
        // Without organisations, what refers to them is wrong too; here the manifest matters.
        let told = set.problems().filter { !$0.hasPrefix("UNKNOWN_REFERENCE") }
        #expect(told.sorted() == problems.sorted())
    }

    @Test("without a manifest nothing else is read")
    func missingManifest() throws {
        var set = try SmallSet()
        set.files["manifest.csv"] = nil
        #expect(set.problems() == ["MISSING_FILE manifest.csv"])
        #expect(RosterReader().read(files: [:]).problems.map(\.code) == [.missingFile])
    }

    @Test("in 1.2, people need roles and roles need people")
    func needsBoth() throws {
        var set = try SmallSet()
        set.replace("manifest.csv", "file.roles,bulk", "file.roles,absent")
        set.files["roles.csv"] = nil
        #expect(set.problems() == ["MISSING_FILE roles.csv"])
        set = try SmallSet()
        set.replace("manifest.csv", "file.users,bulk", "file.users,absent")
        set.files["users.csv"] = nil
        #expect(set.problems().contains("MISSING_FILE users.csv"))
    }

    @Test("files that OneRoster does not know are passed over with a warning")
    func unknownFile() throws {
        var set = try SmallSet()
        set.files["Users.csv"] = []
        #expect(set.problems() == ["WARNING_UNKNOWN_FILE Users.csv"])
        #expect(RosterReader().read(files: set.files).roster != nil)
    }

    @Test("files that are not used are still checked for their form")
    func unusedFiles() throws {
        var files = try RosterFixture.files("oneroster_1.2")
        files["academicSessions.csv"]?.append(contentsOf: Array("t-1,,\nt-2,active,,T,term,,,,\n".utf8))
        let problems = RosterReader().read(files: files).problems
        #expect(problems.map(\.code) == [.fieldCount, .statusInBulk])
        #expect(problems.map(\.line) == [5, 6])
    }

    @Test("known organisations serve only a set without orgs.csv")
    func knownOrgs() throws {
        let known = KnownRoster(orgs: [
            "b-csrb": .init(type: .district, parentID: nil), "s-01": .init(type: .school, parentID: "b-csrb"),
        ])
        var set = try SmallSet()
        set.replace("manifest.csv", "file.orgs,bulk", "file.orgs,absent")
        set.files["orgs.csv"] = nil
        #expect(RosterReader().read(files: set.files).problems.allSatisfy { $0.code == .unknownReference })
        let roster = try #require(RosterReader().read(files: set.files, known: known).roster)
        #expect(roster.orgs.isEmpty && roster.board(of: "s-01") == "b-csrb" && roster.board(of: "s-02") == nil)
        set = try SmallSet()
        set.keep("orgs.csv", ["sourcedId", "b-csrb"])
        #expect(RosterReader().read(files: set.files, known: known).roster == nil)
    }

    @Test("problems are sorted and bounded, and the rest is counted")
    func bounded() throws {
        var files = try RosterFixture.files("oneroster_1.2")
        // Read last and told first.
        for name in ["users.csv", "academicSessions.csv"] {
            for number in 0..<500 { files[name]?.append(contentsOf: Array("x\(number),y\n".utf8)) }
        }
        let reading = RosterReader(problemsMax: 10).read(files: files)
        #expect(reading.problems.count == 10 && reading.omittedCount == 990)
        #expect(reading.problems.map(\.file) == Array(repeating: "academicSessions.csv", count: 10))
        #expect(reading.problems.map(\.line) == Array(5...14))
        #expect(reading.roster == nil)
        #expect(RosterReader(problemsMax: 0).read(files: files).roster == nil)
    }

    @Test("every code has its two texts, and they tell no name or address")
    func texts() throws {
        for row in AcceptanceTests.broken where row.code != "OK" {
            for problem in RosterReader().read(files: try RosterFixture.files("oneroster_bad/" + row.set)).problems {
                #expect(problem.french.hasSuffix(".") && problem.english.hasSuffix("."))
            }
        }
        var set = try SmallSet()
        set.replace("users.csv", "lcharlebois@csrb.example", "cstamour@csrb.example")
        let problem = try #require(RosterReader().read(files: set.files).problems.first)
        #expect(!problem.french.contains("cstamour") && !problem.english.contains("cstamour"))
    }
}
