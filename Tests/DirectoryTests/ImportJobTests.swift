import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("the jobs of imports, and taking them back")
struct ImportJobTests {
    @Test("an applied import has a job with its counts; lists show it to the lead")
    func applied() async throws {
        let consortium = try await Consortium()
        let response = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let job = try consortium.job(response.importJob)
        #expect(job.state == .applied && job.mode == .bulk && job.version == "1.2")
        #expect(job.people == response.people && job.assignments == response.assignments)
        #expect(job.boards.count == 3 && job.errors.isEmpty)
        #expect(try consortium.jobs().map(\.name) == [response.importJob])
    }

    @Test("a rejected import leaves its job with the errors, and not one other row")
    func rejected() async throws {
        let consortium = try await Consortium()
        let before = try consortium.dump()
        let zip = try RosterFixture.zip("oneroster_bad/unknown_org")
        _ = await status { try await consortium.importRoster(zip, boards: [consortium.boards[0]]) }
        let job = try consortium.job(try #require(try consortium.jobs().first).name)
        #expect(job.state == .rejected && job.errorCount == 1)
        #expect(job.errors.map(\.code) == ["UNKNOWN_REFERENCE"] && job.errors.map(\.line) == [3])
        #expect(try consortium.dump() == before)
        #expect(try consortium.stagedRows() == 0)
    }

    @Test("what was staged and not applied is seen nowhere, and is cleared away")
    func crash() async throws {
        let consortium = try await Consortium(settings: ["import_slice_rows": 7])
        let before = try consortium.dump()
        let zip = try RosterFixture.zip("oneroster_1.2")
        // As if the daemon died before the last write.
        await #expect(throws: (any Error).self) {
            try await consortium.directory.failingLastWrite { try await consortium.importRoster(zip) }
        }
        #expect(try consortium.people().count == 1)
        #expect(try consortium.people { $0.query = "ndiaye" }.isEmpty)
        #expect(try consortium.stagedRows() > 200)
        let job = try #require(try consortium.jobs().first)
        #expect(job.state == .failed || job.state == .applying)
        try await consortium.finish(job.name)
        #expect(try consortium.job(job.name).state == .failed)
        #expect(try consortium.stagedRows() == 0)
        #expect(try consortium.dump() == before)
        #expect(try await consortium.importRoster(zip).people.created == 119)
    }

    @Test("the next import clears away what one that died has left, and comes to the same end as without it")
    func clearsLeftovers() async throws {
        let consortium = try await Consortium()
        let zip = try RosterFixture.zip("oneroster_1.2")
        await #expect(throws: (any Error).self) {
            try await consortium.directory.failingLastWrite { try await consortium.importRoster(zip) }
        }
        #expect(try consortium.stagedRows() > 200)
        let response = try await consortium.importRoster(zip)
        #expect(response.people.created == 119)
        #expect(try consortium.jobs().map(\.state) == [.failed, .applied])
        #expect(try consortium.people().count == 120)
        #expect(
            try consortium.people { $0.query = "ndiaye" }.count
                == consortium.people().filter {
                    $0.familyName.contains("N'Diaye")
                }.count)
    }

    @Test("a change by hand is told apart from the state that an import was planned on, and an import keeps it")
    func seesChanges() async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let boards = Set(consortium.boards)
        let before = try DirectoryState(of: boards, in: consortium.directory.store.makeReader())
        let person = try #require(try consortium.people { $0.query = "paquet solene" }.first)
        let handlers = consortium.directory.handlers
        _ = try await consortium.directory.write(
            DirectoryMethods.suspendPerson, .with { $0.name = person.name }, as: consortium.leadCaller()
        ) { try handlers.suspendPerson($0, $1) }
        #expect(try DirectoryState(of: boards, in: consortium.directory.store.makeReader()) != before)
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2_delta"))
        #expect(try consortium.people { $0.query = "paquet solene" }.map(\.state) == [.suspended])
    }

    @Test("an import is taken back: people, places and orgs are as before", arguments: ["oneroster_1.2_delta", "bulk"])
    func reverts(set: String) async throws {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let before = try consortium.roster()
        let zip =
            set == "bulk"
            ? try RosterFixture.zip("oneroster_1.2") { files in
                files.removeRows(of: "users.csv") { $0.hasPrefix("p-0050,") }
                files.removeRows(of: "roles.csv") { $0.contains(",p-0050,") }
                files["users.csv"] = files["users.csv"]?.replacing("Pâquet", with: "D'Amours")
                files["orgs.csv"] = files["orgs.csv"]?.replacing("Rivières", with: "Fleuves")
            } : try RosterFixture.zip(set)
        let response = try await consortium.importRoster(zip)
        #expect(try consortium.roster() != before)
        let reverted = try await consortium.revert(response.importJob)
        #expect(reverted.importJob.state == .reverted)
        #expect(try consortium.roster() == before)
        #expect(try consortium.people { $0.query = "paquet solene" }.count == 1)
        let again = try #require(await status { try await consortium.revert(response.importJob) })
        #expect(again.reason == "IMPORT_NOT_APPLIED")
        // And the same import once more comes to the same end.
        _ = try await consortium.importRoster(zip)
        #expect(try consortium.roster() != before)
    }

    @Test("an import is not taken back after its days, nor after a later one, nor when somebody was erased")
    func revertRefusals() async throws {
        let consortium = try await Consortium()
        let first = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        let day = Duration.seconds(86_400)
        let late = try #require(
            await status { try await consortium.revert(first.importJob, at: TestDirectory.now + day * 7) })
        #expect(late.reason == "REVERT_TOO_LATE")
        let second = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2_delta"))
        let outdated = try #require(await status { try await consortium.revert(first.importJob) })
        #expect((outdated.reason, outdated.metadata["conflict"]) == ("REVERT_CONFLICT", "LATER_IMPORT"))
        let gone = try #require(
            try consortium.people { $0.showLeft = true }.first { $0.sourceID == "p-0093" }?.name.split(separator: "/")
                .last)
        try await consortium.erase(String(gone))
        let erased = try #require(await status { try await consortium.revert(second.importJob) })
        #expect((erased.reason, erased.metadata["conflict"]) == ("REVERT_CONFLICT", "PERSON_ERASED"))
        #expect(try consortium.rowsHolding("Hébert, Florence") == 0)
    }

    @Test("what an import replaced is forgotten once it can no longer be taken back")
    func forgets() async throws {
        let consortium = try await Consortium()
        let response = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        try await consortium.finish(response.importJob)
        #expect(try consortium.stagedRows() > 200)
        try await consortium.finish(response.importJob, at: TestDirectory.now + .seconds(7 * 86_400))
        #expect(try consortium.stagedRows() == 0)
        #expect(try consortium.people().count == 120)
    }
}

extension Consortium {
    func job(_ name: String) throws -> API.ImportJob {
        try directory.read(
            DirectoryMethods.getImportJob, .with { $0.name = name }, as: leadCaller(),
            directory.handlers.getImportJob)
    }

    func jobs() throws -> [API.ImportJob] {
        try directory.read(
            DirectoryMethods.listImportJobs, .init(), as: leadCaller(), directory.handlers.listImportJobs
        ).importJobs
    }

    func revert(_ name: String, at now: Timestamp = TestDirectory.now) async throws -> API.RevertImportResponse {
        try await directory.wait(
            DirectoryMethods.revertImport, .with { $0.name = name }, as: leadCaller(), at: now,
            directory.handlers.revertImport)
    }

    /// Does what is left of an import until nothing is due.
    func finish(_ name: String, at now: Timestamp = TestDirectory.now) async throws {
        let id = String(try #require(name.split(separator: "/").last))
        while try await directory.writeAsOperator(
            at: now,
            { call in
                guard let job = try ImportJob.find(id: id, in: call.db) else { return false }
                return try ImportFinish.step(job, call).map { $0 <= now } ?? false
            })
        {}
    }

    func erase(_ person: String) async throws {
        try await directory.writeAsOperator { call in
            try DirectoryKeeper().erase(person, in: EffectCall(db: call.db, now: call.now, effects: call.effects))
        }
    }

    func stagedRows() throws -> Int {
        let db = try directory.store.makeReader()
        let count: Int? = try db.value(
            """
            SELECT (SELECT COUNT(*) FROM directory_import_people) + (SELECT COUNT(*) FROM directory_import_places)
                   + (SELECT COUNT(*) FROM directory_import_orgs)
            """)
        return count ?? -1
    }

    /// Whether anything of somebody is left where an import keeps what it replaces.
    func rowsHolding(_ name: String) throws -> Int {
        let parts = name.split(separator: ", ").map(String.init)
        let db = try directory.store.makeReader()
        let count: Int? = try db.value(
            "SELECT COUNT(*) FROM directory_import_people WHERE family_name = ?1 AND given_name = ?2", parts[0],
            parts[1])
        return count ?? -1
    }

    /// What readers see of the staff and where they work, without revisions.
    func roster() throws -> [String] {
        let orgs = try directory.read(
            DirectoryMethods.listOrgs, .with { $0.pageSize = 1_000 }, as: leadCaller(), directory.handlers.listOrgs
        ).orgs
        return try people(pageSize: 1_000).map { person in
            var person = person
            person.etag = ""
            return try person.jsonString()
        }
            + orgs.map { org in
                var org = org
                org.etag = ""
                return try org.jsonString()
            }
    }
}
