import DirectoryAPI
import FoundationEssentials
import ModuleKit
import Testing

@testable import DirectoryModule

/// The three boards of the acceptance data and their lead, as `cordee bootstrap` makes them.
struct Consortium {
    static let boards = ["b-csrb", "b-cscgp", "b-csbc"]

    let directory: TestDirectory
    /// The boards' ids, in the order above.
    let boards: [String]
    let lead: StaffMember

    init(boards: [String] = Self.boards, settings: [String: Int] = [:]) async throws {
        directory = try TestDirectory(settings: settings)
        let people = directory.people
        let founded = try await directory.writeAsOperator { call in
            try people.found(
                boards: boards,
                lead: FoundingLead(email: "cstamour@csrb.example", givenName: "", familyName: ""), in: call)
        }
        self.boards = founded.boards
        lead = founded.lead
    }

    /// The lead as a caller.
    func leadCaller(at now: Timestamp = TestDirectory.now) throws -> Caller {
        try #require(try caller(lead.id, at: now))
    }

    func caller(_ person: String, at now: Timestamp = TestDirectory.now) throws -> Caller? {
        try directory.people.caller(person: person, at: now, in: directory.store.makeReader())
    }

    func importRoster(
        _ zip: Data, boards: [String]? = nil, validateOnly: Bool = false, confirmed: Bool = false,
        mode: API.RosterMode = .unspecified, as caller: Caller? = nil
    ) async throws -> API.ImportRosterResponse {
        let request = API.ImportRosterRequest.with {
            $0.boards = (boards ?? self.boards).map { "boards/\($0)" }
            $0.roster = zip
            $0.validateOnly = validateOnly
            $0.confirmDepartures = confirmed
            $0.mode = mode
        }
        return try await directory.wait(
            DirectoryMethods.importRoster, request, as: try caller ?? leadCaller(), directory.handlers.importRoster)
    }

    /// All people of a list, page after page.
    func people(pageSize: Int32 = 0, as caller: Caller? = nil, _ fill: (inout API.ListPeopleRequest) -> Void = { _ in })
        throws -> [API.Person]
    {
        var request = API.ListPeopleRequest()
        request.pageSize = pageSize
        fill(&request)
        var people: [API.Person] = []
        repeat {
            let page = try directory.read(
                DirectoryMethods.listPeople, request, as: try caller ?? leadCaller(), directory.handlers.listPeople)
            people += page.people
            request.pageToken = page.nextPageToken
            // A list that does not end is wrong, but not endless.
        } while !request.pageToken.isEmpty && people.count < 5_000
        return people
    }

    func person(email: String) throws -> StaffMember {
        try #require(
            try directory.people.member(email: email, in: boards, in: directory.store.makeReader()))
    }

    func grant(
        _ role: Role, to person: StaffMember, over scope: String, as caller: Caller? = nil,
        _ fill: (inout API.GrantRoleRequest) -> Void = { _ in }
    ) async throws -> API.Grant {
        var request = API.GrantRoleRequest.with {
            $0.scope = scope
            $0.person = person.name
            $0.role = role
        }
        fill(&request)
        let handlers = directory.handlers
        return try await directory.write(DirectoryMethods.grantRole, request, as: try caller ?? leadCaller()) {
            try handlers.grantRole($0, $1)
        }
    }

    func revoke(_ grant: String, as caller: Caller? = nil) async throws -> API.Grant {
        let handlers = directory.handlers
        return try await directory.write(
            DirectoryMethods.revokeRole, .with { $0.name = grant }, as: try caller ?? leadCaller()
        ) { try handlers.revokeRole($0, $1) }
    }

    func grants() throws -> [API.Grant] {
        try directory.read(
            DirectoryMethods.listGrants, API.ListGrantsRequest(), as: leadCaller(), directory.handlers.listGrants
        ).grants
    }

    /// Each row of each table, as text.
    func dump() throws -> [String] {
        let db = try directory.store.makeReader()
        return try db.query(
            """
            SELECT quote(id) || quote(board_id) || quote(parent_id) || quote(source_id) || quote(kind) || quote(title)
                   || quote(zone) || quote(locality) || quote(is_remote) || quote(is_active) || quote(revision)
              FROM directory_orgs
             UNION ALL
            SELECT quote(id) || quote(board_id) || quote(source_id) || quote(given_name) || quote(family_name)
                   || quote(preferred_name) || quote(username) || quote(email) || quote(email_key) || quote(languages)
                   || quote(staff_role) || quote(state) || quote(sort_key) || quote(revision)
              FROM directory_people
             UNION ALL
            SELECT quote(id) || quote(person_id) || quote(org_id) || quote(role) || quote(is_primary)
                   || quote(begin_on) || quote(end_on)
              FROM directory_assignments
             UNION ALL
            SELECT quote(id) || quote(person_id) || quote(board_id) || quote(org_id) || quote(role) || quote(end_at)
              FROM directory_grants
             UNION ALL
            SELECT quote(id) || quote(terms) FROM directory_people_search_docs
            """
        ) { row in try row.get(0, String.self) }
    }
}

/// The status that a call ends with.
func status(of call: () async throws -> some Any) async -> Status? {
    do {
        _ = try await call()
        return nil
    } catch {
        return (error as? any StatusConvertible)?.status
    }
}
