import EventLoop
import GoogleRPC
import RPC
import Testing

@Suite("Deadlines and cancellation", .timeLimit(.minutes(10)))
struct DeadlineTests {
    @Test("past its deadline a call is answered by the server and its task cancelled", arguments: [1, 2])
    func serverDeadline(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            // A peer that keeps no time of its own: the answer can only be the server's.
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Later", timeout: 5_000_000))
            let answer = await peer.next()
            #expect(answer?.streamID == 1 && answer?.code == .deadlineExceeded)
            await test.gate.facts.wait(for: "cancelled")
            #expect(test.facts.facts.contains("Later DEADLINE_EXCEEDED"))
            // The late answer of the cancelled task is dropped: the next frame is the next call's.
            peer.send(Frames.request(3))
            #expect(await peer.next()?.streamID == 3)
            #expect(test.counter("cordee_rpc_deadlines_exceeded_total") == 1)
            #expect(test.counter("cordee_rpc_calls_open") == 0)
        }
    }

    @Test("a call that is answered in time does not expire", arguments: [1, 2])
    func inTime(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            async let answer = client.call(Echo.later, Note("a"), CallOptions(timeout: .seconds(50)))
            await test.gate.facts.wait(for: "entered")
            test.gate.open()
            #expect(try await answer.reason == "a")
            #expect(test.counter("cordee_rpc_deadlines_exceeded_total") == 0)
        }
    }

    @Test(
        "the configuration bounds a call that has no deadline or a later one", arguments: [1, 2],
        [Int64(0), 3_600_000_000_000])
    func configuredDeadline(loops: Int, timeout: Int64) async throws {
        var limits = ServerLimits()
        limits.callTimeoutMax = .milliseconds(5)
        try await TestServer.run(loops: loops, limits) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Later", timeout: timeout))
            #expect(await peer.next()?.code == .deadlineExceeded)
        }
    }

    @Test("the client ends the wait at its deadline even if the server is silent")
    func clientDeadline() async throws {
        try await TestServer.run(loops: 1, ServerLimits(), [Self.silent]) { test in
            let client = try await test.connect()
            // The method swallows the call; the server's own deadline answers in the same millisecond at the earliest.
            let status = await #expect(throws: Status.self) {
                try await client.call(
                    service: "cordee.test.v1.Silent", method: "Swallow", payload: [],
                    CallOptions(timeout: .milliseconds(3)))
            }
            #expect(status?.code == .deadlineExceeded)
        }
    }

    private static let silent = ServerMethod(service: "cordee.test.v1.Silent", name: "Swallow") { _, _ in }

    @Test("a connection that closes cancels its calls, and no other's", arguments: [1, 2])
    func closedConnection(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Later") + Frames.request(3, "Later"))
            await test.gate.facts.wait(for: "entered", count: 2)
            peer.close()
            await test.gate.facts.wait(for: "cancelled", count: 2)
            await test.facts.wait(for: "Later CANCELLED", count: 2)
            await test.facts.wait(for: "closed")
            #expect(test.counter("cordee_rpc_calls_open") == 0)
            #expect(test.counter("cordee_rpc_connections") == 0)
        }
    }

    @Test("a call's cancellation is seen from other threads once its connection is gone", arguments: [1, 2])
    func cancellationFlag(loops: Int) async throws {
        let flags = Recorder<Box>()
        let method = ServerMethod(service: "s", name: "Queue") { call, _ in flags.record(Box(call.cancellation)) }
        try await TestServer.run(loops: loops, ServerLimits(), [method]) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Queue", service: "s"))
            await flags.wait { _ in true }
            let flag = flags.facts[0].cancellation
            #expect(!flag.isCancelled)
            peer.close()
            await test.facts.wait(for: "Queue CANCELLED")
            #expect(flag.isCancelled)
        }
    }

    private struct Box: Equatable, Sendable {
        let cancellation: CallCancellation
        init(_ cancellation: CallCancellation) { self.cancellation = cancellation }
        static func == (a: Box, b: Box) -> Bool { a.cancellation === b.cancellation }
    }

    @Test("a caller whose task is cancelled stops waiting; the connection serves others", arguments: [1, 2])
    func callerCancelled(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await client.call(Echo.later, Note("a")) }
                await test.gate.facts.wait(for: "entered")
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            test.gate.open()
            #expect(try await client.call(Echo.say, Note("b")).reason == "b")
        }
    }
}
