import Calendar
import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import TrialAPI

@Suite("Jobs", .timeLimit(.minutes(10)))
struct JobTests {
    private static let day = Duration.seconds(86_400)

    @Test("a job is done once, when its instant has come, not before")
    func due() async throws {
        let trial = try await Trial.serving()
        let due = Trial.start + .seconds(60)
        try await trial.plan(["a"], at: due)
        try trial.clock.advance(by: .seconds(60) - .microseconds(1))
        // A later job that is due already is done: so the runner has looked, and left the other one.
        try await trial.plan(["b"], at: Trial.start)
        #expect(try await trial.subjects(by: "once", count: 1) == ["b"])
        try trial.clock.advance(by: .microseconds(1))
        #expect(try await trial.subjects(by: "once", count: 2) == ["b", "a"])
        let done = try await trial.done(by: "once")
        #expect(done.map(\.number) == [Trial.start.microseconds, due.microseconds])
        #expect(done[1].atUs == due.microseconds)
        #expect(try await trial.jobs().isEmpty)
    }

    @Test("a job that was missed while the daemon was stopped for days is done once at the start")
    func missed() async throws {
        let trial = try await Trial.serving()
        try await trial.plan(["a", "b"], at: Trial.start + Self.day)
        try await trial.subjects(by: "daily", count: 1)
        try await trial.daemon.kill()
        let again = try await Trial.serving(in: trial.daemon.folder, at: Trial.start + Self.day * 5 + .seconds(1))
        #expect(try await again.subjects(by: "once", count: 2).sorted() == ["a", "b"])
        // One that repeats itself is done once for all the days, and then at its hour again.
        try await again.subjects(by: "daily", count: 2)
        try again.clock.advance(by: Self.day)
        try await again.subjects(by: "daily", count: 3)
        #expect(
            try await again.done(by: "daily").map(\.number)
                == [0, 1, 6].map {
                    (Trial.start + Self.day * $0).microseconds
                })
        try await again.daemon.terminate()
        let third = try await Trial.serving(in: trial.daemon.folder, at: Trial.start + Self.day * 6 + .seconds(2))
        try await third.plan(["c"], at: Trial.start)
        #expect(try await third.subjects(by: "once", count: 3).sorted() == ["a", "b", "c"])
        #expect(try await third.done(by: "daily").count == 3)
    }

    @Test("a clock that is set back has nothing done twice")
    func backwards() async throws {
        let trial = try await Trial.serving()
        try await trial.plan(["a"], at: Trial.start)
        try await trial.subjects(by: "once", count: 1)
        try await trial.subjects(by: "daily", count: 1)
        try trial.clock.advance(by: .zero - Self.day * 3)
        try await trial.plan(["b"], at: Trial.start - Self.day * 3)
        try await trial.subjects(by: "once", count: 2)
        // Through the old instant once more.
        try trial.clock.set(Trial.start + .seconds(1))
        try await trial.plan(["c"], at: Trial.start)
        #expect(try await trial.subjects(by: "once", count: 3) == ["a", "b", "c"])
        #expect(try await trial.done(by: "daily").count == 1)
    }

    @Test("a job that fails is tried again, then set aside until an operator retries it; others go on")
    func failing() async throws {
        let trial = try await Trial.serving()
        try await trial.fail("once bad")
        try await trial.plan(["bad", "good"], at: Trial.start)
        try await trial.subjects(by: "once", count: 1)
        let aside = try await Patience.until("the job is set aside") {
            try trial.clock.advance(by: .milliseconds(5))
            return try await trial.jobs(failedOnly: true).first { $0.state == .setAside }
        }
        #expect((aside.key, aside.tries, aside.failure) == ("bad", 5, "UNAVAILABLE TRIAL"))
        #expect(try await trial.done(by: "once").map(\.subject) == ["good"])
        _ = try await Patience.until("health tells of it") {
            try await trial.health()?.reason.contains("jobs trial.once: 1 failed, 1 of them set aside") == true
                ? true : nil
        }
        try await trial.fail("once bad", false)
        let unknown = try await trial.client.refusal(of: JobsMethods.retryJob, .with { $0.kind = "trial.once" })
        #expect(unknown.code == .notFound)
        let retry = CordeeSystem_RetryJobRequest.with {
            $0.kind = aside.kind
            $0.key = aside.key
        }
        _ = try await trial.client.call(JobsMethods.retryJob, retry)
        #expect(try await trial.subjects(by: "once", count: 2) == ["good", "bad"])
        #expect(try await trial.client.refusal(of: JobsMethods.retryJob, retry).code == .notFound)
        _ = try await Patience.until("health is well") { try await trial.health()?.state == .serving ? true : nil }
    }

    @Test("a failure from before the clock was set back is tried again within the longest pause")
    func failingBackwards() async throws {
        let trial = try await Trial.serving(["jobs.tries_max": "1000000", "reactions.tries_max": "1000000"])
        try await trial.fail("once bad")
        try await trial.fail("first bad")
        try await trial.plan(["bad"], at: Trial.start - Self.day * 9)
        try await trial.emit(["bad"])
        _ = try await Patience.until("both have failed") {
            let job = try await trial.jobs(failedOnly: true).first
            let reaction = try await trial.reaction("trial.first")
            return job?.tries ?? 0 > 0 && reaction?.tries ?? 0 > 0 ? true : nil
        }
        // The clock stands still: neither is tried again before it moves.
        try await trial.fail("once bad", false)
        try await trial.fail("first bad", false)
        try trial.clock.advance(by: .zero - Self.day * 3)
        try await trial.subjects(by: "once", count: 1)
        try await trial.subjects(by: "first", count: 1)
    }

    @Test("jobs are listed page by page")
    func pages() async throws {
        let trial = try await Trial.serving()
        let keys = (0..<25).map { "boards/b/things/\(100 + $0)" + String(repeating: "x", count: 300) }
        try await trial.plan(keys, at: Trial.start + Self.day)
        var found: [String] = []
        var request = CordeeSystem_ListJobsRequest.with { $0.pageSize = 10 }
        repeat {
            let page = try await trial.client.call(JobsMethods.listJobs, request)
            found += page.jobs.filter { $0.kind == "trial.once" }.map(\.key)
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(found == keys)
    }

    @Test("killed at random moments, each acknowledged job is still done exactly once")
    func killed() async throws {
        var random = Random(seed: 3)
        var trial = try await Trial.serving()
        var acked: Set<String> = []
        for round in 0..<12 {
            let limit = Int.random(in: 1...40, using: &random)
            let kill = Task { [daemon = trial.daemon, client = trial.client] in
                for _ in 0..<limit { _ = try? await client.call(TrialMethods.listDone, .with { $0.by = "none" }) }
                try await daemon.kill()
            }
            for number in 0..<60 {
                let keys = ["\(round)-\(number)-a", "\(round)-\(number)-b"]
                do {
                    try await trial.plan(keys, at: Trial.start)
                    acked.formUnion(keys)
                } catch { break }
            }
            try await kill.value
            trial = try await Trial.serving(in: trial.daemon.folder)
        }
        _ = try await Patience.until("all jobs are done") { try await trial.jobs().isEmpty ? true : nil }
        let done = try await trial.done(by: "once").map(\.subject)
        #expect(Set(done).count == done.count, "a job was done twice")
        #expect(acked.isSubset(of: Set(done)), "a job was lost")
        #expect(!acked.isEmpty)
    }
}
