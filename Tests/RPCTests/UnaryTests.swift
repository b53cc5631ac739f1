import EventLoop
import GoogleRPC
import RPC
import Testing
import Wire

@Suite("Unary calls over a socket", .timeLimit(.minutes(10)))
struct UnaryTests {
    @Test("a message comes back, in both codecs", arguments: [1, 2], [false, true])
    func echo(loops: Int, isJSON: Bool) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            for count in [0, 1, 600, 100_000] {
                let note = Note(String(repeating: "é", count: count), domain: "b")
                #expect(try await client.call(Echo.say, note, CallOptions(isJSON: isJSON)) == note)
                #expect(try await client.call(Echo.sayLater, note, CallOptions(isJSON: isJSON)) == note)
            }
        }
    }

    @Test("connections go round the loops and each answers", arguments: [1, 2])
    func manyConnections(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            for index in 0..<5 {
                let client = try await test.connect()
                #expect(try await client.call(Echo.say, Note("\(index)")).reason == "\(index)")
            }
        }
    }

    @Test("a hundred calls at once on a connection each get their own answer", arguments: [1, 2])
    func hundred(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let method = index.isMultiple(of: 2) ? Echo.say : Echo.sayLater
                        return (index, try await client.call(method, Note("\(index)")).reason)
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(answers == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, "\($0)") }))
        }
    }

    @Test(
        "an error arrives with all its details, in the caller's language", arguments: [1, 2], ["fr-CA, en", "en", ""])
    func errorDetails(loops: Int, languages: String) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let options = CallOptions(
                acceptLanguage: languages.isEmpty ? nil : languages,
                metadata: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
            let error = await #expect(throws: Status.self) { try await client.call(Echo.refuse, Note(), options) }
            let isEnglish = languages == "en"
            var expected = Echo.refusal
            expected.requestID = trace
            if isEnglish { expected.text.fr = expected.text.en }
            expected.violations = expected.violations.map { violation in
                let text = isEnglish ? violation.text.en : violation.text.fr
                return FieldViolation(field: violation.field, reason: violation.reason, fr: text, en: text)
            }
            #expect(error == expected)
        }
    }

    @Test("an unexpected error tells the caller the call's id and nothing else", arguments: [1, 2])
    func unexpectedError(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let error = await #expect(throws: Status.self) { try await client.call(Echo.breakDown, Note()) }
            let id = try #require(error?.requestID)
            #expect(error?.code == .internal && error?.reason == "INTERNAL")
            #expect(error?.text.en == "Internal error; call \(id).")
        }
    }

    @Test("metadata reaches the handler, but for the daemon's own keys", arguments: [1, 2])
    func metadata(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            func describe(_ token: String?) async throws -> Note {
                try await client.call(
                    Echo.describe, Note(),
                    CallOptions(
                        token: token, acceptLanguage: "en",
                        metadata: [
                            ("X-Plain", "1"), ("x-plain", "2"), ("Cordee-Actor", "root"), ("cordee-actor", "root"),
                        ]))
            }
            let first = try await describe("a")
            #expect(first.metadata["x-plain"] == "1")
            #expect(first.metadata["cordee-actor"] == nil)
            #expect(first.metadata["authorization"] == "Bearer a")
            #expect(first.domain == "en")
            #expect(first.reason.count == 32)
            // One id per value of authorization, as long as it does not change.
            let ids = try await [describe("a"), describe("b"), describe("b"), describe(nil)].map {
                $0.metadata["authorization-id"]
            }
            #expect(ids[0] == first.metadata["authorization-id"])
            #expect(ids[1] != ids[0] && ids[1] == ids[2])
            #expect(ids[3] == "0")
        }
    }

    @Test("requests that come in one read are answered in one write", arguments: [1, 2])
    func oneWrite(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            let count: UInt32 = 30
            peer.send((0..<count).flatMap { Frames.request($0 * 2 + 1) })
            for index in 0..<count { #expect(await peer.next()?.streamID == index * 2 + 1) }
            // The last answer is read before the loop counts its batch.
            await test.facts.wait(for: "batch ended")
            try await test.settle()
            #expect(test.counter("cordee_rpc_answers_total") == Int64(count))
            #expect(test.counter("cordee_rpc_writes_total") == 1)
        }
    }

    @Test(
        "a read of more frames than a turn takes is handled in several batches, answered in order, in one write",
        arguments: [1, 2])
    func severalTurns(loops: Int) async throws {
        var limits = ServerLimits()
        limits.framesPerTurnMax = 4
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            let count: UInt32 = 103
            peer.send((0..<count).flatMap { Frames.request($0 * 2 + 1) })
            for index in 0..<count { #expect(await peer.next()?.streamID == index * 2 + 1) }
            await test.facts.wait(for: "batch ended", count: 26)
            try await test.settle()
            #expect(test.counter("cordee_rpc_writes_total") == 1)
        }
    }

    @Test("answers that are given later, in one turn, leave in one write", arguments: [1, 2])
    func laterAnswers(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send((0..<20).flatMap { Frames.request($0 * 2 + 1, "Later") })
            await test.gate.facts.wait(for: "entered", count: 20)
            // On the loop that the calls belong to: all are resumed in one of its turns.
            let loop = test.loops[0]
            await withCheckedContinuation { continuation in
                loop.execute {
                    test.gate.open()
                    continuation.resume()
                }
            }
            for _ in 0..<20 { #expect(await peer.next()?.code == .ok) }
            try await test.settle()
            #expect(test.counter("cordee_rpc_writes_total") == 1)
        }
    }
}

extension TestServer {
    /// Returns when every loop has gone through what it had to do.
    func settle() async throws {
        for loop in loops {
            for _ in 0..<2 {
                await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
            }
        }
    }
}
