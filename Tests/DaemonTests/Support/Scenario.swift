import Calendar
import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// A daemon with the three boards of the acceptance data, their staff, their lead and a facilitator.
struct Scenario {
    static let boardIDs = ["b-csrb", "b-cscgp", "b-csbc"]
    static let leadEmail = "cstamour@csrb.example"

    let daemon: DaemonProcess
    /// Connected without a token: root and the daemon's own user are operators.
    let `operator`: TestClient
    let lead: TestClient
    let facilitator: TestClient
    let facilitatorName: String
    /// The names of the boards, in the order of `boardIDs`.
    let boards: [String]
    /// The first one: of lead and facilitator, and where the people of `person(_:)` are from.
    var board: String { boards[0] }

    private let emails: [String: String]

    /// - Parameters:
    ///   - roster: what is imported; the consortium of OneRoster 1.2 if nil.
    ///   - clockStart: where the daemon's clock stands until it is moved; nil: the wall clock.
    static func start(
        roster: Data? = nil, settings: [String: String] = [:], clockStart: Timestamp? = nil
    ) async throws -> Scenario {
        let daemon = try await DaemonProcess.serving(settings: settings, clockStart: clockStart)
        let `operator` = try await daemon.client()
        let founded = try await bootstrap(`operator`)
        let lead = try await exchange(founded.token, on: daemon)
        let zip = try roster ?? Roster.zip("oneroster_1.2")
        _ = try await lead.call(
            DirectoryMethods.importRoster,
            .with {
                $0.boards = founded.boards
                $0.roster = zip
            })
        let emails = Dictionary(uniqueKeysWithValues: try IndexedPerson.all().map { ($0.id, $0.email) })
        let token = try await lead.call(IdentityMethods.createToken, .with { $0.email = emails["p-0002"] ?? "" })
        _ = try await lead.call(
            DirectoryMethods.grantRole,
            .with {
                $0.scope = founded.boards[0]
                $0.person = token.person
                $0.role = .facilitator
            })
        return Scenario(
            daemon: daemon, operator: `operator`, lead: lead,
            facilitator: try await daemon.client(token: token.token), facilitatorName: token.person,
            boards: founded.boards, emails: emails)
    }

    static func bootstrap(
        _ client: TestClient, boards: [String] = boardIDs, email: String = leadEmail
    ) async throws -> CordeeSystem_BootstrapResponse {
        try await client.call(
            IdentityMethods.bootstrap,
            .with {
                $0.boards = boards
                $0.email = email
            })
    }

    /// Makes a real token out of the single-use one.
    static func exchange(_ token: String, on daemon: DaemonProcess) async throws -> TestClient {
        let client = try await daemon.client(token: token)
        return client.with(token: try await client.call(IdentityMethods.createToken, .init()).token)
    }

    /// A member of the staff with a token and a connection of their own, by the roster's id.
    func person(_ id: String, board: Int? = nil) async throws -> Person {
        let email = emails[id] ?? "\(id)@csrb.example"
        let made = try await lead.call(IdentityMethods.createToken, .with { $0.email = email })
        return Person(id: id, name: made.person, client: try await daemon.client(token: made.token))
    }

    struct Person: Sendable {
        let id: String
        let name: String
        let client: TestClient

        func register(in workshop: String) async throws -> CordeeWorkshops_Registration {
            try await client.call(WorkshopsMethods.register, .with { $0.workshop = workshop })
        }
    }

    // MARK: Workshops

    /// A workshop of the facilitator.
    func workshop(
        capacity: Int32 = 3, reserve: Int32 = 0, waitlistMax: Int32? = nil,
        sessions: [CordeeWorkshops_Session] = [Scenario.session()], isPublished: Bool = true
    ) async throws -> CordeeWorkshops_Workshop {
        let draft = try await facilitator.call(
            WorkshopsMethods.createWorkshop,
            .with {
                $0.workshop = Self.draft(capacity: capacity, reserve: reserve, sessions: sessions)
                if let waitlistMax { $0.workshop.waitlistMax = waitlistMax }
            })
        guard isPublished else { return draft }
        return try await facilitator.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name }).workshop
    }

    static func draft(
        capacity: Int32 = 3, reserve: Int32 = 0, sessions: [CordeeWorkshops_Session] = [Scenario.session()]
    ) -> CordeeWorkshops_Workshop {
        .with {
            $0.title = ["fr": "Les fractions avec des robots", "en": "Fractions with robots"]
            $0.capacity = capacity
            $0.remoteReserve = reserve
            $0.sessions = sessions
        }
    }

    /// A session far in the future.
    static func session(year: Int = 2099) -> CordeeWorkshops_Session {
        .with {
            $0.startLocal = "\(year)-11-24T15:45:00"
            $0.endLocal = "\(year)-11-24T17:15:00"
            $0.zone = "America/Toronto"
        }
    }

    /// The registrations of a workshop, in the order of joining, as who leads it sees them.
    func registrations(of workshop: String) async throws -> [CordeeWorkshops_Registration] {
        try await facilitator.call(
            WorkshopsMethods.listRegistrations,
            .with {
                $0.parent = workshop
                $0.pageSize = 1_000
            }
        ).registrations
    }
}
