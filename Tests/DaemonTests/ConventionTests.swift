import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("What all methods have in common")
struct ConventionTests {
    @Test("a stale etag is refused with the current one, and changes nothing")
    func etag() async throws {
        let scenario = try await Scenario.start()
        let read = try await scenario.workshop()
        let changed = try await scenario.facilitator.call(
            WorkshopsMethods.setCapacity,
            .with {
                $0.name = read.name
                $0.capacity = 7
                $0.etag = read.etag
            }
        ).workshop
        #expect(changed.etag != read.etag)
        let status = try await scenario.facilitator.refusal(
            of: WorkshopsMethods.updateWorkshop,
            .with {
                $0.workshop.name = read.name
                $0.workshop.etag = read.etag
                $0.workshop.title = ["fr": "Autre"]
                $0.updateMask.paths = ["title"]
            })
        #expect((status.code, status.reason) == (.aborted, "ETAG_MISMATCH"))
        #expect(status.metadata["etag"] == changed.etag)
        let now = try await scenario.facilitator.call(WorkshopsMethods.getWorkshop, .with { $0.name = read.name })
        #expect(now == changed)
    }

    @Test("an update changes what its mask names, and its answer is what is read afterwards")
    func update() async throws {
        let scenario = try await Scenario.start()
        let read = try await scenario.workshop()
        let answer = try await scenario.facilitator.call(
            WorkshopsMethods.updateWorkshop,
            .with {
                $0.workshop.name = read.name
                $0.workshop.title = ["fr": "Autre"]
                $0.updateMask.paths = ["title"]
            })
        var expected = read
        expected.title = ["fr": "Autre"]
        expected.etag = answer.etag
        #expect(answer == expected)
        let now = try await scenario.facilitator.call(WorkshopsMethods.getWorkshop, .with { $0.name = read.name })
        #expect(now == answer)
    }

    @Test("an update without a mask replaces what is set, lists as a whole, and leaves all else")
    func updateWithoutMask() async throws {
        let scenario = try await Scenario.start()
        let read = try await scenario.workshop(isPublished: false)
        let answer = try await scenario.facilitator.call(
            WorkshopsMethods.updateWorkshop,
            .with {
                $0.workshop.name = read.name
                $0.workshop.sessions = [Scenario.session(year: 2098)]
                $0.workshop.summary = ["fr": "Tout"]
            })
        #expect(answer.sessions.map(\.startLocal) == ["2098-11-24T15:45:00"])
        #expect(answer.summary == ["fr": "Tout"])
        #expect(answer.title == read.title)
        #expect(answer.capacity == read.capacity)
        #expect(answer.facilitators == read.facilitators)
    }

    @Test("validate_only answers as the call would, and changes nothing")
    func validateOnly() async throws {
        let scenario = try await Scenario.start()
        let would = try await scenario.facilitator.call(
            WorkshopsMethods.createWorkshop,
            .with {
                $0.workshop = Scenario.draft()
                $0.validateOnly = true
            })
        #expect(would.title == Scenario.draft().title)
        #expect(try await scenario.facilitator.call(WorkshopsMethods.listWorkshops, .init()).workshops.isEmpty)

        let departures = try Roster.zip(without: ["p-0013"])
        let counts = try await scenario.lead.call(
            DirectoryMethods.importRoster,
            .with {
                $0.boards = scenario.boards
                $0.roster = departures
                $0.validateOnly = true
            })
        #expect(counts.people.deactivated == 1)
        let again = try await scenario.lead.call(
            DirectoryMethods.importRoster,
            .with {
                $0.boards = scenario.boards
                $0.roster = try Roster.zip("oneroster_1.2")
            })
        #expect(again.people.unchanged == 120)
        #expect(again.people.created + again.people.updated + again.people.deactivated == 0)
        #expect(again.orgs.created + again.orgs.updated + again.orgs.deactivated == 0)
    }

    @Test("all that is wrong with a request is named at once, each with its path")
    func violations() async throws {
        let scenario = try await Scenario.start()
        let request = CordeeWorkshops_CreateWorkshopRequest.with {
            $0.workshop.title = ["fr_CA": "x"]
            $0.workshop.capacity = -1
            $0.workshop.remoteReserve = -1
            $0.workshop.facilitators = ["nobody"]
            $0.workshop.sessions = [
                Scenario.session(),
                .with {
                    $0.startLocal = "tomorrow"
                    $0.zone = "America/Toronto"
                },
            ]
        }
        let status = try await scenario.facilitator.refusal(of: WorkshopsMethods.createWorkshop, request)
        #expect((status.code, status.reason) == (.invalidArgument, "BAD_REQUEST"))
        #expect(
            Set(status.violations.map(\.field)).isSuperset(of: [
                "workshop.capacity", "workshop.remote_reserve", "workshop.facilitators[0]",
                "workshop.sessions[1].start_local", "workshop.sessions[1].end_local",
            ]))
        #expect(status.violations.contains { $0.field.hasPrefix("workshop.title") })
        #expect(!status.violations.contains { $0.field.hasPrefix("workshop.sessions[0]") })
        #expect(status.violations.allSatisfy { !$0.reason.isEmpty && !$0.text.fr.isEmpty })
    }

    @Test("what no rule of a field can say is named by its path too")
    func deeperViolations() async throws {
        let scenario = try await Scenario.start()
        func fields(_ change: (inout CordeeWorkshops_Workshop) -> Void) async throws -> [String] {
            var workshop = Scenario.draft()
            change(&workshop)
            let status = try await scenario.facilitator.refusal(
                of: WorkshopsMethods.createWorkshop, .with { $0.workshop = workshop })
            #expect(status.code == .invalidArgument)
            return status.violations.map(\.field)
        }
        #expect(try await fields { $0.sessions[0].zone = "America/Nowhere" } == ["workshop.sessions[0].zone"])
        #expect(
            try await fields { $0.sessions[0].endLocal = $0.sessions[0].startLocal }
                == ["workshop.sessions[0].end_local"])
        #expect(try await fields { $0.remoteReserve = $0.capacity + 1 } == ["workshop.remote_reserve"])
        let stranger = "\(scenario.board)/people/none"
        #expect(
            try await fields { $0.facilitators = [scenario.facilitatorName, stranger] } == ["workshop.facilitators[1]"])
    }

    @Test(
        "errors speak the language that was asked for, French by default",
        arguments: [
            ("en", "Not found"), ("fr", "Introuvable"), ("de, en-CA;q=0.5", "Not found"), ("oj", "Introuvable"),
        ])
    func languages(accepted: String, beginning: String) async throws {
        let scenario = try await Scenario.start()
        let request = CordeeWorkshops_GetWorkshopRequest.with { $0.name = "\(scenario.board)/workshops/none" }
        let status = try await scenario.facilitator.speaking(accepted).refusal(
            of: WorkshopsMethods.getWorkshop, request)
        let text = beginning == "Introuvable" ? status.text.fr : status.text.en
        #expect(text.hasPrefix(beginning))
        let silent = try await scenario.facilitator.refusal(of: WorkshopsMethods.getWorkshop, request)
        #expect(silent.text.fr.hasPrefix("Introuvable"))
    }

    @Test("a write and a read in JSON are the same as in protobuf")
    func json() async throws {
        let scenario = try await Scenario.start()
        let made = try await scenario.facilitator.call(
            WorkshopsMethods.createWorkshop, .with { $0.workshop = Scenario.draft() }, json: true)
        let read = try await scenario.facilitator.call(
            WorkshopsMethods.getWorkshop, .with { $0.name = made.name }, json: true)
        #expect(read == made)
        #expect(
            try await scenario.facilitator.call(WorkshopsMethods.getWorkshop, .with { $0.name = made.name }) == made)
        // As anybody's JSON library writes it: the names are those of protobuf-JSON.
        let bytes = try await scenario.facilitator.client.call(
            service: "cordee.workshops.v1.Workshops", method: "GetWorkshop",
            payload: Array(#"{"name":"\#(made.name)"}"#.utf8), scenario.facilitator.options(json: true))
        struct Shown: Decodable {
            var name, state, createTime: String
            var title: [String: String]
        }
        let shown = try JSONDecoder().decode(Shown.self, from: Data(bytes))
        #expect((shown.name, shown.state) == (made.name, "DRAFT"))
        #expect(shown.title["en"] == "Fractions with robots")
        #expect(shown.createTime.hasSuffix("Z"))
    }

    @Test("an error carries the id of its call: the caller's trace, else one of the daemon's own")
    func callID() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        let trace = "0af7651916cd43dd8448eb211c80319c"
        let traced = try await client.refusal(
            of: IdentityMethods.createToken, .init(), metadata: [("traceparent", "00-\(trace)-b7ad6b7169203331-01")])
        #expect(traced.requestID == trace)
        let untraced = try await client.refusal(of: IdentityMethods.createToken, .init())
        #expect(untraced.requestID?.count == 32)
        #expect(untraced.requestID != trace)
    }
}
