import EventLoop
import GoogleRPC
import TestSupport
import Testing
import Threading

@testable import RPC

@Suite("The client outlives its connections", .timeLimit(.minutes(10)))
struct ReconnectTests {
    private static let write = Method<Note, Note>(
        service: Echo.service, name: "Write", isReadOnly: false, resourceName: { _ in "" })
    private static let unavailable = Status(
        .unavailable, "SHUTTING_DOWN", fr: "", en: "", retryDelay: .milliseconds(2))

    @Test("the first call connects")
    func lazily() async throws {
        try await TestServer.run(loops: 2) { test in
            let client = Client(to: test.address, on: test.clientLoop)
            let answer = try await client.call(Echo.say, Note("a"))
            #expect(answer.reason == "a")
        }
    }

    @Test("a call waits for a server that comes later", arguments: [1, 2])
    func waits(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let dials = Recorder<String>()
            let client = server.client {
                $0.backoff.jitter = {
                    dials.record("failed")
                    return 1
                }
            }
            async let answer = client.call(Self.write, Note("a"))
            await dials.wait(for: "failed", count: 3)
            try server.listen()
            let connection = await server.accept()
            connection.answer(await connection.next(), "b")
            #expect(try await answer.reason == "b")
        }
    }

    @Test("a call that waits in vain ends at its deadline, and without one as the last attempt did", arguments: [1, 2])
    func waitsInVain(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let client = server.client { $0.connectionWaitMax = .milliseconds(10) }
            let late = await #expect(throws: Status.self) {
                try await client.call(Echo.say, Note(), CallOptions(timeout: .milliseconds(10)))
            }
            #expect(late?.code == .deadlineExceeded)
            let failed = await #expect(throws: ClientError.self) { try await client.call(Echo.say, Note()) }
            guard case .connectFailed = failed else { return #expect(Bool(false), "\(String(describing: failed))") }
            await #expect(throws: ClientError.self) { try await client.serverStream(Streams.count, Note()) }
            await #expect(throws: ClientError.self) { try await client.clientStream(Streams.join) { _ in } }
        }
    }

    @Test("the server is told what the wait has left of the time-out", arguments: [1, 2])
    func timeLeft(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let failed = Recorder<String>()
            let client = server.client {
                $0.backoff = Backoff(initial: .milliseconds(5), cap: .milliseconds(5)) {
                    failed.record("failed")
                    return 1
                }
            }
            async let answer = client.call(Echo.say, Note(), CallOptions(timeout: .seconds(50)))
            // Three failures, so that at least two rests are over.
            await failed.wait(for: "failed", count: 3)
            try server.listen()
            let connection = await server.accept()
            let request = await connection.next()
            #expect(request.map { $0.timeout > 0 && $0.timeout <= 49_990_000_000 } == true)
            connection.answer(request, "a")
            _ = try await answer
        }
    }

    @Test("a read whose connection is lost is sent again", arguments: [1, 2])
    func readIsRepeated(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let answer = client.call(Echo.say, Note("a"))
            for _ in 0..<2 {
                let lost = await server.accept()
                #expect(await lost.next()?.method == "Say")
                lost.close()
            }
            let connection = await server.accept()
            connection.answer(await connection.next(), "b")
            let reason = try await answer.reason
            #expect(reason == "b")
        }
    }

    @Test("a read is sent no more often than the options say", arguments: [1, 2])
    func triesMax(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client { $0.triesMax = 3 }
            async let answer = Self.failure { try await client.call(Echo.say, Note("a")) }
            for _ in 0..<3 {
                let lost = await server.accept()
                #expect(await lost.next()?.method == "Say")
                lost.close()
            }
            #expect(await answer as? ClientError == .connectionLost)
        }
    }

    @Test(
        "a write that may not, a raw call that does not say it may, and a stream fail once and for all; the next call connects again",
        arguments: [1, 2])
    func writeIsNotRepeated(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await client.call(Self.write, Note("a"), CallOptions(isRepeatable: false)) },
                { _ = try await client.call(service: Echo.service, method: "Write", payload: []) },
                { for try await _ in try await client.serverStream(Streams.count, Note()) {} },
            ]
            for call in calls {
                async let outcome = Self.failure(call)
                let connection = await server.accept()
                let request = await connection.next()
                #expect(request != nil && request?.idempotencyKey == nil)
                connection.close()
                #expect(await outcome as? ClientError == .connectionLost)
            }
            async let raw = client.call(
                service: Echo.service, method: "Write", payload: [], CallOptions(isRepeatable: true))
            await server.accept().close()
            let connection = await server.accept()
            connection.answer(await connection.next(), "")
            let payload = try await raw
            #expect(payload == [])
        }
    }

    @Test("each try of a write carries the same key, and each write another one", arguments: [1, 2])
    func keys(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            // A call may begin on the connection that the one before it has closed: that is one more try.
            let client = server.client { $0.triesMax = 10 }
            var keys: Set<String> = []
            for own in [nil, nil, "mine"] {
                async let answer = client.call(Self.write, Note("a"), CallOptions(idempotencyKey: own))
                let lost = await server.accept()
                let first = try #require(await lost.next()?.idempotencyKey)
                lost.close()
                let unsure = await server.accept()
                let second = await unsure.next()
                #expect(second?.idempotencyKey == first)
                var unknown = Self.unavailable
                (unknown.code, unknown.reason, unknown.retryDelay) = (.unknown, "COMMIT_UNKNOWN", nil)
                unsure.send(Frames.failure(second?.streamID ?? 0, unknown))
                let third = await unsure.next()
                #expect(third?.idempotencyKey == first)
                unsure.send(Frames.failure(third?.streamID ?? 0, Self.unavailable))
                let fourth = await unsure.next()
                #expect(fourth?.idempotencyKey == first)
                unsure.answer(fourth, "b")
                #expect(try await answer.reason == "b")
                #expect(own == nil || first == own)
                keys.insert(first)
                unsure.close()
            }
            #expect(keys.count == 3)
        }
    }

    @Test("a call that was lost, and then finds no server, says that it was lost")
    func lostForGood() async throws {
        try await RawServer.run(loops: 2) { server in
            let client = server.client { $0.connectionWaitMax = .milliseconds(10) }
            async let outcome = Self.failure { try await client.call(Self.write, Note("a")) }
            let connection = await server.accept()
            _ = await connection.next()
            server.stopListening()
            connection.close()
            #expect(await outcome as? ClientError == .connectionLost)
        }
    }

    @Test("a key that the client makes is a UUID of version 7, which rises with time")
    func keyForm() throws {
        #expect(
            CallOptions.uuid(milliseconds: 0x0123_4567_89AB, random: (.max, .max))
                == "01234567-89ab-7fff-bfff-ffffffffffff")
        #expect(CallOptions.uuid(milliseconds: 0, random: (0, 0)) == "00000000-0000-7000-8000-000000000000")
        let keys = (0..<1_000).map { _ in CallOptions.makeIdempotencyKey() }
        #expect(Set(keys).count == 1_000)
        for (earlier, later) in zip(keys, keys.dropFirst()) { #expect(earlier.prefix(13) <= later.prefix(13)) }
    }

    @Test("a read is sent again when the server is unavailable and says when to come back", arguments: [1, 2])
    func unavailable(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let client = server.client()
            async let read = client.call(Echo.say, Note("a"))
            let connection = await server.accept()
            connection.send(Frames.failure(await connection.next()?.streamID ?? 0, Self.unavailable))
            connection.answer(await connection.next(), "b")
            let reason = try await read.reason
            #expect(reason == "b")

            var silent = Self.unavailable
            silent.retryDelay = nil
            var tooLate = Self.unavailable
            tooLate.retryDelay = .seconds(3_600)
            var once = CallOptions()
            once.isRepeatable = false
            for (method, status, options) in [
                (Self.write, Self.unavailable, once), (Echo.say, silent, CallOptions()),
                (Echo.say, tooLate, CallOptions()),
                (Self.write, tooLate, CallOptions()),
            ] {
                async let refused = Self.failure { try await client.call(method, Note("a"), options) }
                connection.send(Frames.failure(await connection.next()?.streamID ?? 0, status))
                #expect((await refused as? Status)?.code == .unavailable)
            }
            // What is left of the time does not reach as far as the server's advice.
            async let hurried = Self.failure {
                try await client.call(Echo.say, Note("a"), CallOptions(timeout: .seconds(25)))
            }
            var later = Self.unavailable
            later.retryDelay = .seconds(28)
            connection.send(Frames.failure(await connection.next()?.streamID ?? 0, later))
            #expect((await hurried as? Status)?.code == .unavailable)
        }
    }

    @Test("after a loss the back-off is waited for, the part that the jitter says", arguments: [1, 2])
    func backoff(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let part = Lock(1.0)
            let client = server.client {
                $0.backoff = Backoff(initial: .seconds(3_600), cap: .seconds(3_600)) { part.withLock { $0 } }
            }
            func lose() async {
                async let lost = Self.failure {
                    try await client.call(Self.write, Note(), CallOptions(isRepeatable: false))
                }
                let connection = await server.accept()
                _ = await connection.next()
                connection.close()
                #expect(await lost as? ClientError == .connectionLost)
            }
            part.withLock { $0 = 0 }
            await lose()
            part.withLock { $0 = 1 }
            await lose()
            let late = await #expect(throws: Status.self) {
                try await client.call(Self.write, Note(), CallOptions(timeout: .milliseconds(20)))
            }
            #expect(late?.code == .deadlineExceeded)
        }
    }

    @Test("the bound of the back-off grows by its factor up to its cap, and the jitter takes a part of it")
    func backoffBounds() {
        var backoff = Backoff(initial: .milliseconds(100), factor: 2, cap: .seconds(1)) { 0.5 }
        #expect(
            (1...6).map { backoff.bound(afterFailures: $0) }
                == [100, 200, 400, 800, 1_000, 1_000].map { Duration.milliseconds($0) })
        #expect(backoff.delay(afterFailures: 2) == .milliseconds(100))
        #expect(backoff.bound(afterFailures: .max) == .seconds(1))
        backoff.jitter = { 7 }
        #expect(backoff.delay(afterFailures: 1) == .milliseconds(100))
    }

    // MARK: The end of the stream ids

    @Test(
        "at the end of its stream ids a connection finishes its calls, and new ones go to the next", arguments: [1, 2])
    func lastStreamIDs(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            var options = ClientOptions()
            // Five ids are left: one call, and one id for its Cancel, twice.
            options.firstStreamID = (1 << 31) - 9
            let client = try await Client.connect(to: test.address, on: test.clientLoop, options: options)
            async let first = client.call(Echo.later, Note("first"))
            await test.gate.facts.wait(for: "entered")
            async let second = client.call(Echo.later, Note("second"))
            await test.gate.facts.wait(for: "entered", count: 2)
            let others = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<50 { group.addTask { try await client.call(Echo.say, Note("\(number)")).reason } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(others == Set((0..<50).map { "\($0)" }))
            #expect(test.counter("cordee_rpc_connections") == 2)
            test.gate.open()
            let answers = [try await first.reason, try await second.reason]
            #expect(answers == ["first", "second"])
            await test.facts.wait(for: "closed")
            #expect(try await client.call(Echo.say, Note("more")).reason == "more")
            #expect(test.counter("cordee_rpc_connections") == 1)
        }
    }

    @Test("a call on a connection without ids for new calls is still cancelled at the server", arguments: [1, 2])
    func cancelAtTheEnd(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            var options = ClientOptions()
            options.firstStreamID = (1 << 31) - 3
            let client = try await Client.connect(to: test.address, on: test.clientLoop, options: options)
            let last = Task { try await client.call(Echo.later, Note("last")) }
            await test.gate.facts.wait(for: "entered")
            #expect(try await client.call(Echo.say, Note("more")).reason == "more")
            last.cancel()
            await #expect(throws: CancellationError.self) { try await last.value }
            await test.facts.wait(for: "Later CANCELLED")
        }
    }

    // MARK: Cancellation

    @Test("a task may be cancelled while it waits for a connection, or for the end of a back-off", arguments: [1, 2])
    func cancelled(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let resting = Recorder<String>()
            let client = server.client {
                $0.backoff = Backoff(initial: .seconds(3_600), cap: .seconds(3_600)) {
                    resting.record("resting")
                    return 1
                }
            }
            let unary = Task { try await client.call(Echo.say, Note()) }
            await resting.wait(for: "resting")
            let stream = Task { try await client.serverStream(Streams.count, Note()) }
            let bulk = Task { try await client.clientStream(Streams.join) { _ in } }
            unary.cancel()
            stream.cancel()
            bulk.cancel()
            await #expect(throws: CancellationError.self) { try await unary.value }
            await #expect(throws: CancellationError.self) { _ = try await stream.value }
            await #expect(throws: CancellationError.self) { try await bulk.value }
        }
    }

    @Test("a task may be cancelled while it waits to send a call again", arguments: [1, 2])
    func cancelledBeforeRepeat(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            let resting = Recorder<String>()
            let client = server.client {
                $0.backoff = Backoff(initial: .seconds(3_600), cap: .seconds(3_600)) {
                    resting.record("resting")
                    return 1
                }
            }
            let task = Task { try await client.call(Echo.say, Note()) }
            let connection = await server.accept()
            connection.send(Frames.failure(await connection.next()?.streamID ?? 0, Self.unavailable))
            await resting.wait(for: "resting")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("closing the client ends those that wait for a connection", arguments: [1, 2])
    func closed(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let client = server.client { $0.backoff.jitter = { 1 } }
            async let unary = Self.failure { try await client.call(Echo.say, Note()) }
            async let bulk = Self.failure { try await client.clientStream(Streams.join) { _ in } }
            await client.close()
            #expect(await unary as? ClientError == .closed)
            #expect(await bulk as? ClientError == .closed)
            await #expect(throws: ClientError.closed) { try await client.call(Echo.say, Note()) }
        }
    }

    @Test("more calls than may wait for a connection fail at once", arguments: [1, 2])
    func tooManyWaiting(loops: Int) async throws {
        try await RawServer.run(loops: loops, listens: false) { server in
            let dialled = Recorder<String>()
            let client = server.client {
                $0.waitingCallsMax = 1
                $0.backoff = Backoff(initial: .seconds(3_600), cap: .seconds(3_600)) {
                    dialled.record("failed")
                    return 1
                }
            }
            async let first = Self.failure { try await client.call(Echo.say, Note()) }
            await dialled.wait(for: "failed")
            await #expect(throws: ClientError.tooManyWaiting(max: 1)) { try await client.call(Echo.say, Note()) }
            await client.close()
            #expect(await first as? ClientError == .closed)
        }
    }

    @Test("a client that its owner lets go closes its connection", arguments: [1, 2])
    func letGo(loops: Int) async throws {
        try await RawServer.run(loops: loops) { server in
            do { _ = try await Client.connect(to: server.address, on: server.clientLoop) }
            #expect(await server.accept().next() == nil)
        }
    }

    @Test("after the end of its loop a client answers that it is closed")
    func loopStopped() async throws {
        let loop = try EventLoop.start(.init(name: "client"))
        let client = Client(to: .unix(path: "/nonexistent/socket"), on: loop)
        async let waiting = Self.failure { try await client.call(Echo.say, Note()) }
        loop.stop()
        #expect(await waiting as? ClientError == .closed)
        await #expect(throws: ClientError.closed) { try await client.call(Echo.say, Note()) }
        await #expect(throws: ClientError.closed) { try await client.serverStream(Streams.count, Note()) }
        await client.close()
    }

    // MARK: Bulk

    @Test("a client's stream has a connection of its own, which ends with it", arguments: [1, 2])
    func bulk(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let answer = try await client.clientStream(Streams.join) { requests in
                try await requests.send(Note("a"))
                // On the same connection the server would not read on behind the stream.
                #expect(try await client.call(Echo.say, Note("beside")).reason == "beside")
                #expect(test.counter("cordee_rpc_connections") == 2)
            }
            #expect(answer.reason == "a")
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_connections") == 1)
            _ = try await client.clientStream(Streams.join, CallOptions(isBulk: false)) { requests in
                try await requests.send(Note("a"))
                #expect(test.counter("cordee_rpc_connections") == 1)
            }
        }
    }

    @Test("a stream of both ways is bulk if the options say so", arguments: [1, 2])
    func bulkBoth(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            do {
                let (requests, responses) = try await client.bothStreams(Streams.chat, CallOptions(isBulk: true))
                var answers = responses.makeAsyncIterator()
                try await requests.send(Note("a"))
                #expect(try await answers.next()?.reason == "re: a")
                #expect(test.counter("cordee_rpc_connections") == 2)
            }
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_connections") == 1)
        }
    }

    /// What a call throws; nil if it is answered.
    private static func failure<Answer>(_ call: () async throws -> Answer) async -> (any Error)? {
        do { _ = try await call() } catch { return error }
        return nil
    }
}
