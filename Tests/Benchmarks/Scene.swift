import Archive
import CordeeAPI
import DirectoryAPI
import EchoAPI
import FoundationEssentials
import EventLoop
import RPC
import SwiftProtobuf
import TestKit
import Wire
import WorkshopsAPI

/// A board with its staff and one published workshop in a daemon: what the benchmarks call about.
struct Scene {
    let lead: TestClient
    /// The lead's access token.
    let token: String
    let workshop: String
    /// The name of the board.
    let board: String
    /// The names of the staff.
    let people: [String]

    private static let boardSourceID = "b-csrb"
    private static let leadEmail = "cstamour@csrb.example"

    /// Founds the board in a daemon with an empty database.
    ///
    /// - Parameter teachers: how many more people than the acceptance data has.
    static func found(in server: ServerUnderTest, teachers: Int) async throws -> Scene {
        let connection = try await connect(to: server)
        let nobody = TestClient(connection, token: nil, language: nil)
        let founded = try await nobody.call(
            IdentityMethods.bootstrap,
            .with {
                $0.boards = [boardSourceID, "b-cscgp", "b-csbc"]
                $0.email = leadEmail
            })
        let token = try await nobody.with(token: founded.token).call(IdentityMethods.createToken, .init()).token
        let lead = nobody.with(token: token)
        let zip = try roster(teachers: teachers)
        _ = try await lead.call(
            DirectoryMethods.importRoster,
            .with {
                $0.boards = founded.boards
                $0.roster = zip
            })
        return Scene(
            lead: lead, token: token, workshop: try await workshop(for: lead), board: founded.boards[0],
            people: try await people(of: founded.boards[0], for: lead))
    }

    /// The names of the boards, the people's own first.
    func boards() async throws -> [String] {
        let orgs = try await lead.call(DirectoryMethods.listOrgs, .with { $0.pageSize = 1_000 }).orgs
        return orgs.filter { $0.kind == .board }.map { $0.name.split(separator: "/").prefix(2).joined(separator: "/") }
    }

    /// The same in a daemon that was started again on the same data.
    func reconnected(to server: ServerUnderTest) async throws -> Scene {
        let client = try await Self.connect(to: server)
        return Scene(
            lead: TestClient(client, token: token, language: nil), token: token, workshop: workshop, board: board,
            people: people)
    }

    private static func connect(to server: ServerUnderTest) async throws -> Client {
        try await Client.connect(to: .unix(path: server.socketPath), on: Patience.loop)
    }

    /// The acceptance data with more teachers of one school.
    static func roster(teachers: Int, family: String = "Nom") throws -> Data {
        var users = ""
        var roles = ""
        for number in 1...teachers {
            users +=
                "x-\(number),,,true,x-\(number),,Prénom \(number % 997),\(family)-\(number % 4_999),,,x-\(number)@csrb.example,,,,,,,,,,,s-01,,enseignement,fr\n"
            roles += "r-x-\(number),,,x-\(number),primary,teacher,2026-09-01,,s-01,\n"
        }
        let files = try Fixture.files(in: "oneroster_1.2").filter { $0.path.hasSuffix(".csv") }.map { file in
            switch file.path {
            case "users.csv": (path: file.path, bytes: file.bytes + users.utf8)
            case "roles.csv": (path: file.path, bytes: file.bytes + roles.utf8)
            default: file
            }
        }
        return Data(try ZipWriter.pack(files))
    }

    private static func people(of board: String, for lead: TestClient) async throws -> [String] {
        var names: [String] = []
        var page = ""
        repeat {
            let answer = try await lead.call(
                DirectoryMethods.listPeople,
                .with {
                    $0.parent = board
                    $0.pageSize = 1_000
                    $0.pageToken = page
                })
            names += answer.people.map(\.name)
            page = answer.nextPageToken
        } while !page.isEmpty
        return names
    }

    /// A published workshop that takes everybody.
    static func workshop(for lead: TestClient) async throws -> String {
        let draft = try await lead.call(
            WorkshopsMethods.createWorkshop,
            .with {
                $0.workshop.title = ["fr": "Les fractions avec des robots", "en": "Fractions with robots"]
                $0.workshop.capacity = 100_000
                $0.workshop.sessions = [
                    .with {
                        $0.startLocal = "2099-11-24T15:45:00"
                        $0.endLocal = "2099-11-24T17:15:00"
                        $0.zone = "America/Toronto"
                    }
                ]
            })
        return try await lead.call(WorkshopsMethods.publishWorkshop, .with { $0.name = draft.name }).workshop.name
    }

    // MARK: Calls

    /// An echo of a message of 100 bytes.
    ///
    /// - Parameter isFrench: with accents. Texts of ASCII alone are checked and copied faster by the Swift runtime, and
    ///   not at all by the reference.
    func echo(isFrench: Bool = false) throws -> EncodedCalls {
        let text =
            isFrench
            ? "Les fractions avec des robots : une séance pour les écoles éloignées, le mardi 4 mars à 15 h."
            : "Fractions with robots: a session for the remote schools of the board, on Tuesday 4 March at 3 p.m."
        guard text.utf8.count == 98 else { throw BenchmarkError("the text has \(text.utf8.count) bytes") }
        var calls = EncodedCalls()
        try calls.append(EchoMethods.echo, .with { $0.text = text }, token: token)
        return calls
    }

    /// A stream of so many notes, of so many bytes of text each.
    func count(_ count: Int, textBytes: Int) throws -> EncodedCalls {
        var calls = EncodedCalls()
        try calls.append(
            EchoMethods.count,
            .with {
                $0.count = Int64(count)
                $0.text = String(repeating: "n", count: textBytes)
            }, token: token, flags: .remoteClosed)
        return calls
    }

    /// Notes to keep, each with an idempotency key that rises with time as those of clients do: a UUID of version 7.
    ///
    /// - Parameter series: tells these keys from those of other calls.
    func keeps(_ count: Int, series: Int) throws -> EncodedCalls {
        let text = "Fractions with robots: a session for the remote schools of the board, on Tuesday 4 March at 3 p.m."
        var calls = EncodedCalls()
        for number in 0..<count {
            let (high, low) = (hexadecimal(number >> 12, 4), hexadecimal(number & 0xFFF, 3))
            let key = "\(hexadecimal(series, 8))-\(high)-7\(low)-8000-1f0000c0ffee"
            try calls.append(EchoMethods.keep, .with { $0.text = text }, token: token, key: key)
        }
        return calls
    }

    private func hexadecimal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    func getWorkshop() throws -> EncodedCalls { try getWorkshop(named: [workshop]) }

    /// Each of these workshops in turn.
    func getWorkshop(named workshops: [String]) throws -> EncodedCalls {
        var calls = EncodedCalls()
        for workshop in workshops {
            try calls.append(WorkshopsMethods.getWorkshop, .with { $0.name = workshop }, token: token)
        }
        return calls
    }

    /// The first page of each of these workshops' registrations.
    func listRegistrations(of workshops: [String], pageSize: Int) throws -> EncodedCalls {
        var calls = EncodedCalls()
        for workshop in workshops {
            let request = CordeeWorkshops_ListRegistrationsRequest.with {
                $0.parent = workshop
                $0.pageSize = Int32(pageSize)
            }
            try calls.append(WorkshopsMethods.listRegistrations, request, token: token)
        }
        return calls
    }

    /// Each of the staff registers in a new workshop.
    func registrations() async throws -> EncodedCalls {
        let workshop = try await Self.workshop(for: lead)
        var calls = EncodedCalls()
        for person in people {
            try calls.append(
                WorkshopsMethods.register,
                .with {
                    $0.workshop = workshop
                    $0.person = person
                }, token: token)
        }
        return calls
    }

    /// What the daemon answers at once: who it is.
    func info() throws -> EncodedCalls {
        var calls = EncodedCalls()
        try calls.append(SystemMethods.getInfo, .init(), token: token)
        return calls
    }
}
