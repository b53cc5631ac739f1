import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import TrialAPI

@Suite("Reactions", .timeLimit(.minutes(10)))
struct ReactionTests {
    private static let first = "trial.first"

    @Test("each reaction takes each event once, in the order of the log")
    func order() async throws {
        let trial = try await Trial.serving(["reactions.batch": "7"])
        let subjects = (0..<200).map { "s\($0)" }
        for start in stride(from: 0, to: 200, by: 20) { try await trial.emit(Array(subjects[start..<start + 20])) }
        #expect(try await trial.subjects(by: "first", count: 200) == subjects)
        #expect(try await trial.subjects(by: "second", count: 200) == subjects)
        let numbers = try await trial.done(by: "first").map(\.number)
        #expect(numbers == numbers.sorted())
    }

    @Test("a reaction's own event is taken by those that are for it")
    func chain() async throws {
        let trial = try await Trial.serving()
        try await trial.emit(["a", "b"])
        #expect(try await trial.subjects(by: "listener", count: 2) == ["a", "b"])
    }

    @Test("what a failing reaction wrote is undone, what came before it is kept, and others go on")
    func failing() async throws {
        let trial = try await Trial.serving(["reactions.tries_max": "1000000"])
        try await trial.fail("first bad")
        try await trial.emit(["a", "b", "bad", "c"])
        let reaction = try await trial.reaction(Self.first, comes: .failing)
        #expect(reaction.failure == "UNAVAILABLE TRIAL")
        #expect(try await trial.subjects(by: "first", count: 2) == ["a", "b"])
        #expect(try await trial.subjects(by: "second", count: 4) == ["a", "b", "bad", "c"])
        let health = try await trial.health()
        #expect(health?.state == .degraded)
        #expect(health?.reason.contains("\(Self.first) fails at event \(reaction.failingSequence)") == true)

        try await trial.fail("first bad", false)
        try await trial.reaction(Self.first, comes: .ready)
        #expect(try await trial.subjects(by: "first", count: 4) == ["a", "b", "bad", "c"])
        _ = try await Patience.until("health is well") { try await trial.health()?.state == .serving ? true : nil }
    }

    @Test("after its last try a reaction is set aside, across a restart, until an operator has it go on")
    func retry() async throws {
        let trial = try await Trial.serving()
        try await trial.fail("first bad")
        try await trial.emit(["a", "bad", "c"])
        let aside = try await trial.reaction(Self.first, comes: .setAside)
        #expect(aside.tries == 5)
        #expect(try await trial.metric("cordee_reactions_set_aside_total") == [1])
        #expect(try await trial.metric("cordee_reactions_stopped").sorted() == [0, 0, 0, 1])
        #expect(try await trial.health()?.reason.contains("set aside") == true)
        try await trial.daemon.kill()

        let again = try await Trial.serving(in: trial.daemon.folder)
        try await again.subjects(by: "second", count: 3)
        #expect(try await again.reaction(Self.first)?.state == .setAside)
        #expect(try await again.done(by: "first").map(\.subject) == ["a"])
        try await again.fail("first bad", false)
        _ = try await again.client.call(ReactionsMethods.retryReaction, .with { $0.name = Self.first })
        #expect(try await again.subjects(by: "first", count: 3) == ["a", "bad", "c"])
        try await again.reaction(Self.first, comes: .ready)
    }

    @Test("an operator skips the event that fails, and no other")
    func skip() async throws {
        let trial = try await Trial.serving()
        try await trial.fail("first bad")
        try await trial.emit(["a", "bad", "c"])
        let aside = try await trial.reaction(Self.first, comes: .setAside)
        func skip(_ sequence: Int64) -> CordeeSystem_SkipReactionRequest {
            .with {
                $0.name = Self.first
                $0.sequence = sequence
            }
        }
        let wrong = try await trial.client.refusal(
            of: ReactionsMethods.skipReaction, skip(aside.failingSequence + 1))
        #expect((wrong.code, wrong.reason) == (.failedPrecondition, "NOT_FAILED"))
        _ = try await trial.client.call(ReactionsMethods.skipReaction, skip(aside.failingSequence))
        #expect(try await trial.subjects(by: "first", count: 2) == ["a", "c"])
        let late = try await trial.client.refusal(of: ReactionsMethods.skipReaction, skip(aside.failingSequence))
        #expect(late.reason == "NOT_FAILED")
        let unknown = try await trial.client.refusal(
            of: ReactionsMethods.retryReaction, .with { $0.name = "trial.unknown" })
        #expect(unknown.code == .notFound)
    }

    @Test("killed at random moments, each reaction still takes each event exactly once, in order")
    func killed() async throws {
        var random = Random(seed: 6)
        var trial = try await Trial.serving(["reactions.batch": "3"])
        // What was asked for, and what was acknowledged: between the two lies what a kill left open.
        var asked: [String] = []
        var acked: Set<String> = []
        for round in 0..<12 {
            let limit = Int.random(in: 1...40, using: &random)
            let kill = Task { [daemon = trial.daemon, client = trial.client] in
                // The moment comes with the daemon's own work: after so many answers.
                for _ in 0..<limit { _ = try? await client.call(TrialMethods.listDone, .with { $0.by = "none" }) }
                try await daemon.kill()
            }
            for number in 0..<60 {
                let subjects = ["\(round)-\(number)-a", "\(round)-\(number)-b"]
                asked += subjects
                do {
                    try await trial.emit(subjects)
                    acked.formUnion(subjects)
                } catch { break }
            }
            try await kill.value
            trial = try await Trial.serving(in: trial.daemon.folder, ["reactions.batch": "3"])
        }
        // Reactions go in order: who has taken this one has done with all before it.
        try await trial.emit(["end"])
        asked.append("end")
        acked.insert("end")
        for name in ["first", "second", "listener"] {
            _ = try await Patience.until("\(name) is through") {
                try await trial.done(by: name).contains { $0.subject == "end" } ? true : nil
            }
        }
        for name in ["first", "second", "listener"] {
            let subjects = try await trial.done(by: name).map(\.subject)
            let kept = Set(subjects)
            #expect(kept.count == subjects.count, "\(name) took something twice")
            #expect(acked.isSubset(of: kept), "\(name) missed something")
            #expect(subjects == asked.filter(kept.contains), "\(name) went out of order")
        }
        #expect(!acked.isEmpty)
    }
}
