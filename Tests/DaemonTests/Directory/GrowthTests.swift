import CordeeAPI
import DirectoryAPI
import FoundationEssentials
import ModuleKit
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Self-levels, needs and expertise")
struct GrowthTests {
    @Test("a level is the person's own until it is shared, for the named person alone, and until the share ends")
    func sharing() async throws {
        let start = SessionClock().start
        let scene = try await GrowthScene(clockStart: start)
        let (owner, friend) = (scene.owner, scene.friend)
        let level = try await owner.setLevel(scene.competencies[0], 3)
        #expect((level.level, level.person, level.competency) == (3, owner.name, scene.competencies[0]))
        for client in [friend.client, scene.scenario.lead, scene.stranger.client] {
            for name in [level.name, "\(level.name)x"] {
                let status = try await client.refusal(of: GrowthMethods.getSelfLevel, .with { $0.name = name })
                #expect(status.code == .notFound)
            }
        }
        let byOperator = try await scene.scenario.operator.refusal(
            of: GrowthMethods.getSelfLevel, .with { $0.name = level.name })
        #expect(byOperator.code == .permissionDenied)
        #expect(try await friend.levels(of: owner.name).isEmpty)

        let until = start + .seconds(3_600)
        let share = try await owner.share(with: [friend.name], until: until).shares
        #expect(share.map(\.recipient) == [friend.name])
        #expect(try await friend.levels(of: owner.name) == [level])
        #expect(try await friend.client.call(GrowthMethods.getSelfLevel, .with { $0.name = level.name }) == level)
        let received = try await friend.client.call(GrowthMethods.listShares, .with { $0.received = true }).shares
        #expect(received == share)
        #expect(
            try await scene.scenario.lead.call(
                GrowthMethods.listSelfLevels, .with { $0.person = owner.name }
            ).levels.isEmpty)
        let notTheirs = try await friend.client.refusal(
            of: GrowthMethods.revokeShare, .with { $0.name = share[0].name })
        #expect(notTheirs.code == .permissionDenied)

        _ = try await owner.client.call(GrowthMethods.revokeShare, .with { $0.name = share[0].name })
        #expect(try await friend.levels(of: owner.name).isEmpty)

        _ = try await owner.share(with: [friend.name], until: until)
        let clock = try scene.scenario.daemon.clock()
        try clock.set(until + .seconds(-1))
        #expect(try await friend.levels(of: owner.name).count == 1)
        try clock.set(until)
        #expect(try await friend.levels(of: owner.name).isEmpty)
        let over = try await friend.client.refusal(of: GrowthMethods.getSelfLevel, .with { $0.name = level.name })
        #expect(over.code == .notFound)
        #expect(try await owner.levels(of: "").count == 1)
    }

    @Test("a share of some competencies shows no others")
    func shareOfSome() async throws {
        let scene = try await GrowthScene()
        for competency in scene.competencies.prefix(3) { _ = try await scene.owner.setLevel(competency, 2) }
        _ = try await scene.owner.client.call(
            GrowthMethods.shareSelfLevels,
            .with {
                $0.competencies = [scene.competencies[1]]
                $0.recipients = [scene.friend.name]
                $0.untilTime = .init(seconds: Int64(Date().timeIntervalSince1970) + 3_600, nanos: 0)
            })
        let seen = try await scene.friend.levels(of: scene.owner.name)
        #expect(seen.map(\.competency) == [scene.competencies[1]])
    }

    @Test("a person of another board is shared with as little as nobody, and nothing is shared")
    func otherBoards() async throws {
        let scene = try await GrowthScene()
        var refusals: [Status] = []
        for name in [scene.stranger.name, "\(scene.scenario.board)/people/nobody"] {
            let status = try await scene.owner.client.refusal(
                of: GrowthMethods.shareSelfLevels,
                .with {
                    $0.recipients = [scene.friend.name, name]
                    $0.untilTime = .init(seconds: Int64(Date().timeIntervalSince1970) + 3_600, nanos: 0)
                })
            refusals.append(status)
        }
        #expect(refusals.map(\.code) == [.notFound, .notFound])
        #expect(refusals[0].reason == refusals[1].reason)
        #expect(try await scene.owner.client.call(GrowthMethods.listShares, .init()).shares.isEmpty)
    }

    @Test("levels beyond the scale, and competencies that are not in use, are refused")
    func bounds() async throws {
        let scene = try await GrowthScene()
        for level: Int32 in [-1, 5] {
            let status = try await scene.owner.client.refusal(
                of: GrowthMethods.setSelfLevel,
                .with { ($0.competency, $0.level) = (scene.competencies[0], level) })
            #expect((status.code, status.violations.map(\.field)) == (.invalidArgument, ["level"]))
        }
        let zero = try await scene.owner.setLevel(scene.competencies[0], 0)
        #expect(zero.level == 0)
        let unset = try await scene.owner.client.refusal(
            of: GrowthMethods.setSelfLevel, .with { $0.competency = scene.competencies[0] })
        #expect(unset.code == .invalidArgument)

        let lead = scene.scenario.lead
        _ = try await lead.call(FrameworksMethods.retireFramework, .with { $0.name = scene.framework })
        let retired = try await scene.owner.client.refusal(
            of: GrowthMethods.setSelfLevel, .with { ($0.competency, $0.level) = (scene.competencies[0], 1) })
        #expect((retired.code, retired.reason) == (.failedPrecondition, "FRAMEWORK_NOT_IN_USE"))
        #expect(try await scene.owner.levels(of: "").map(\.level) == [0])
    }

    @Test("there is one open need for each competency; a closed one never opens again; nobody else sees it")
    func needs() async throws {
        let scene = try await GrowthScene()
        let owner = scene.owner
        let need = try await owner.need(scene.competencies[0], target: 3)
        let second = try await owner.client.refusal(
            of: GrowthMethods.openNeed, .with { ($0.competency, $0.targetLevel) = (scene.competencies[0], 4) })
        #expect((second.code, second.reason) == (.alreadyExists, "NEED_OPEN"))
        for client in [scene.friend.client, scene.scenario.lead] {
            let status = try await client.refusal(of: GrowthMethods.getNeed, .with { $0.name = need.name })
            #expect(status.code == .notFound)
            #expect(try await client.call(GrowthMethods.listNeeds, .init()).needs.isEmpty)
        }
        let notAnEnd = try await owner.client.refusal(
            of: GrowthMethods.closeNeed, .with { ($0.name, $0.outcome) = (need.name, .open) })
        #expect(notAnEnd.code == .invalidArgument)
        let closed = try await owner.client.call(
            GrowthMethods.closeNeed, .with { ($0.name, $0.outcome) = (need.name, .met) })
        #expect(closed.state == .met)
        let twice = try await owner.client.refusal(
            of: GrowthMethods.closeNeed, .with { ($0.name, $0.outcome) = (need.name, .dropped) })
        #expect((twice.code, twice.reason) == (.failedPrecondition, "NEED_CLOSED"))
        _ = try await owner.need(scene.competencies[0], target: 4)
        #expect(try await owner.client.call(GrowthMethods.listNeeds, .init()).needs.count == 1)
        let all = try await owner.client.call(GrowthMethods.listNeeds, .with { $0.showClosed = true }).needs
        #expect(all.map(\.state) == [.met, .open])
    }

    @Test("published workshops with room are recommended by the gap they cover, each with its reasons")
    func recommends() async throws {
        let scene = try await GrowthScene()
        let (one, two, three) = (scene.competencies[0], scene.competencies[1], scene.competencies[2])
        _ = try await scene.owner.setLevel(one, 1)
        _ = try await scene.owner.setLevel(three, 4)
        let first = try await scene.owner.need(one, target: 3)
        let second = try await scene.owner.need(two, target: 1)
        _ = try await scene.owner.need(three, target: 4)
        let later = try await scene.workshop([one], year: 2098)
        let sooner = try await scene.workshop([one], year: 2097)
        let both = try await scene.workshop([two, one], year: 2099)
        _ = try await scene.workshop([three], year: 2097)
        _ = try await scene.workshop([one], year: 2097, isPublished: false)
        let full = try await scene.workshop([one], year: 2097, capacity: 1)
        _ = try await scene.friend.register(in: full)
        let window = CordeeDirectory_RecommendItemsRequest.with {
            $0.endTime = .init(Timestamp(seconds: 4_102_444_800))
        }
        let items = try await scene.owner.client.call(GrowthMethods.recommendItems, window).items
        #expect(items.map(\.item) == [both, sooner, later])
        #expect(items.map(\.gap) == [3, 2, 2])
        #expect(items[0].reasons.map(\.need) == [first.name, second.name])
        #expect(items[0].reasons.map(\.gap) == [2, 1])
        let alone = try await scene.owner.client.call(
            GrowthMethods.recommendItems, .with { ($0.need, $0.endTime) = (second.name, window.endTime) })
        #expect(alone.items.map(\.item) == [both])
        #expect(try await scene.owner.client.call(GrowthMethods.recommendItems, .init()).items.isEmpty)
    }

    @Test("who offers help is found by competency, language and zone; who takes it back is not")
    func expertise() async throws {
        let scene = try await GrowthScene()
        let offer = try await scene.owner.client.call(
            GrowthMethods.offerExpertise,
            .with { ($0.competency, $0.languages) = (scene.competencies[0], ["fr-CA", "oj"]) })
        func found(_ fill: (inout CordeeDirectory_SearchExpertiseRequest) -> Void) async throws -> [String] {
            var request = CordeeDirectory_SearchExpertiseRequest()
            fill(&request)
            return try await scene.friend.client.call(GrowthMethods.searchExpertise, request).expertise.map(\.name)
        }
        #expect(try await found { $0.competency = scene.competencies[0] } == [offer.name])
        #expect(try await found { $0.competency = scene.competencies[1] }.isEmpty)
        #expect(try await found { $0.language = "FR" } == [offer.name])
        #expect(try await found { $0.language = "en" }.isEmpty)
        #expect(try await found { $0.zone = offer.zone } == [offer.name])
        #expect(try await found { $0.zone = "Asia/Tokyo" }.isEmpty)
        #expect(try await scene.stranger.client.call(GrowthMethods.searchExpertise, .init()).expertise.isEmpty)
        let notTheirs = try await scene.friend.client.refusal(
            of: GrowthMethods.withdrawExpertise, .with { $0.name = offer.name })
        #expect(notTheirs.code == .permissionDenied)
        _ = try await scene.owner.client.call(GrowthMethods.withdrawExpertise, .with { $0.name = offer.name })
        #expect(try await found { $0.competency = scene.competencies[0] }.isEmpty)
    }

    @Test("reports tell of five people or more, of those alone who share with their team, and tell no fewer")
    func reports() async throws {
        let scene = try await GrowthScene()
        let record = try await scene.owner.client.call(DirectoryMethods.getPerson, .with { $0.name = scene.owner.name })
        let school = try #require(record.assignments.first { $0.primary }).org
        let team = try await scene.scenario.lead.call(
            DirectoryMethods.listPeople, .with { ($0.parent, $0.org) = (scene.scenario.board, school) }
        ).people.map(\.sourceID)
        try #require(team.count >= 6)
        func report() async throws -> [CordeeDirectory_SchoolLevels] {
            try await scene.scenario.lead.call(
                GrowthMethods.reportSelfLevels, .with { $0.competency = scene.competencies[0] }
            ).schools
        }
        for (index, id) in team.prefix(6).enumerated() {
            let person = GrowthScene.Learner(try await scene.scenario.person(id))
            _ = try await person.setLevel(scene.competencies[0], index == 0 ? 4 : 2)
            _ = try await person.need(scene.competencies[0], target: 4)
            guard index < 5 else { continue }
            #expect(try await report().isEmpty)
            _ = try await person.client.call(
                GrowthMethods.shareSelfLevels,
                .with {
                    $0.org = school
                    $0.untilTime = .init(seconds: Int64(Date().timeIntervalSince1970) + 3_600, nanos: 0)
                })
        }
        let schools = try await report()
        #expect(schools.map(\.org) == [school])
        #expect(schools.map(\.total) == [5])
        // One at level 4 and four at level 2: both are hidden.
        #expect(schools[0].levels.map { $0.hasCount ? $0.count : -1 } == [0, 0, -1, 0, -1])
        let needs = try await scene.scenario.lead.call(GrowthMethods.reportNeeds, .init()).needs
        #expect(needs.map(\.competency) == [scene.competencies[0]])
        #expect(needs.map(\.count) == [6])
    }
}

/// A board with a framework, two of its people, and somebody of another board.
private struct GrowthScene {
    let scenario: Scenario
    let framework: String
    /// Names, in the order of the framework.
    let competencies: [String]
    let owner, friend, stranger: Learner

    init(clockStart: Timestamp? = nil) async throws {
        scenario = try await Scenario.start(clockStart: clockStart)
        let board = scenario.board
        let all = try await scenario.lead.call(FrameworksMethods.listFrameworks, .with { $0.parent = board }).frameworks
        let name = try #require(all.first).name
        framework = name
        competencies = try await scenario.lead.call(
            FrameworksMethods.listCompetencies, .with { $0.parent = name }
        ).competencies.map(\.name)
        owner = Learner(try await scenario.person("p-0013"))
        friend = Learner(try await scenario.person("p-0014"))
        stranger = Learner(try await scenario.person("p-0053"))
    }

    func workshop(
        _ competencies: [String], year: Int, capacity: Int32 = 3, isPublished: Bool = true
    ) async throws -> String {
        let draft = CordeeWorkshops_Workshop.with {
            $0 = Scenario.draft(capacity: capacity, sessions: [Scenario.session(year: year)])
            $0.competencies = competencies
        }
        let made = try await scenario.facilitator.call(
            WorkshopsMethods.createWorkshop, .with { $0.workshop = draft })
        #expect(made.competencies == competencies)
        guard isPublished else { return made.name }
        return try await scenario.facilitator.call(
            WorkshopsMethods.publishWorkshop, .with { $0.name = made.name }
        ).workshop.name
    }

    struct Learner: Sendable {
        let person: Scenario.Person
        var name: String { person.name }
        var client: TestClient { person.client }

        init(_ person: Scenario.Person) { self.person = person }

        func register(in workshop: String) async throws { _ = try await person.register(in: workshop) }

        func setLevel(_ competency: String, _ level: Int32) async throws -> CordeeDirectory_SelfLevel {
            try await client.call(
                GrowthMethods.setSelfLevel, .with { ($0.competency, $0.level) = (competency, level) })
        }

        func levels(of person: String) async throws -> [CordeeDirectory_SelfLevel] {
            try await client.call(GrowthMethods.listSelfLevels, .with { $0.person = person }).levels
        }

        func share(with people: [String], until: Timestamp) async throws -> CordeeDirectory_ShareSelfLevelsResponse {
            try await client.call(
                GrowthMethods.shareSelfLevels,
                .with { ($0.recipients, $0.untilTime) = (people, .init(until)) })
        }

        func need(_ competency: String, target: Int32) async throws -> CordeeDirectory_Need {
            try await client.call(
                GrowthMethods.openNeed, .with { ($0.competency, $0.targetLevel) = (competency, target) })
        }
    }
}
