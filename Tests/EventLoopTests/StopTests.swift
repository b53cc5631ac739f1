import TestSupport
import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct StopTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a stop closes every handle, ends open streams with an error, and calls no timer")
    func closesAll() async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        let listener = Listener(
            try Listener.bind(.unix(path: folder.file("socket"))), on: loop
        ) { startEcho($0, on: loop) }
        let signals = try SignalSource.start([SIGURG], on: loop) { _ in }
        let (peer, mine) = PlainSocket.pair()
        let told = Mailbox<String>()
        try await loop.call {
            let stream = try Stream.adopt(AcceptedSocket(owning: mine), on: loop)
            stream.onEnd = { end in
                if case .failed(let error) = end, error.isStopped { told.put("stream") }
            }
            stream.write(pattern(4 << 20).span.bytes)
            stream.startReading()
            loop.schedule(after: .seconds(3_600)) { told.put("timer") }
            Stream.connect(to: listener.localAddress, on: loop) { if case .failure = $0 { told.put("connect") } }
        }
        let handlesBefore = try await loop.call { loop.openHandleCount }
        #expect(handlesBefore >= 3 + 4)  // its own; listener, signal, stream, timer
        let isTaken = Mailbox<Void>()
        loop.execute { isTaken.put(()) }
        loop.stop()
        loop.stop()
        try await isTaken.next()
        #expect(loop.openHandleCount == 0)
        let first = try await told.next()
        #expect(first == "stream")
        #expect(access(folder.file("socket"), F_OK) != 0)
        _ = (peer, signals, listener)
    }

    @Test("what came before a stop is run, what comes after is dropped")
    func executeAroundStop() async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        let ran = Mailbox<Int>()
        for index in 0..<1_000 { loop.execute { ran.put(index) } }
        loop.stop()
        loop.execute { ran.put(-1) }
        ran.put(-2)
        let all = try await ran.next(1_001)
        #expect(all == Array(0..<1_000) + [-2])
    }

    @Test("a stopped loop takes no stream, no connection and no signal, and drops a socket that is handed to it")
    func afterStop() async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        loop.stop()
        let (peer, mine) = PlainSocket.pair()
        AcceptedSocket(owning: mine).hand(to: loop) { _ in Issue.record("handed") }
        #expect(try peer.receive(1) == [])
        #expect(throws: EventLoopError.self) { try SignalSource.start([SIGURG], on: loop) { _ in } }
    }

    @Test("many threads that give work and stop at once neither hang nor crash", arguments: 0..<20)
    func stopRace(round: Int) async throws {
        let loop = try EventLoop.start(.init(name: "test"))
        let threads = try (0..<4).map { index in
            try Started("racer") {
                for _ in 0..<200 { loop.execute {} }
                if index < 2 { loop.stop() }
                for _ in 0..<200 { loop.execute {} }
            }
        }
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask(executorPreference: loop) { await Task.yield() } }
        }
        for thread in threads { thread.join() }
        #expect(loop.openHandleCount == 0)
    }

    @Test("a hundred starts and stops leave no descriptor and no thread")
    func leaksNothing() async {
        await #expect(processExitsWith: .success) {
            func count(_ folder: String) throws -> Int {
                let entries = try #require(opendir(folder))
                defer { closedir(entries) }
                var count = 0
                while readdir(entries) != nil { count += 1 }
                return count
            }
            let folder = try TemporaryFolder()
            defer { withExtendedLifetime(folder) {} }
            func cycle() async throws {
                let loops = try (0..<2).map { try EventLoop.start(.init(name: "test-\($0)")) }
                let listener = Listener(
                    try Listener.bind(.unix(path: folder.file("socket"))), on: loops[0]
                ) { $0.hand(to: loops[1]) { startEcho($0, on: loops[1]) } }
                let socket = try PlainSocket(connectedTo: listener.localAddress)
                try socket.send([1])
                #expect(try socket.receive(1) == [1])
                for loop in loops { loop.stop() }
            }
            try await cycle()
            let before = (try count("/proc/self/fd"), try count("/proc/self/task"))
            for _ in 0..<100 { try await cycle() }
            // One leak per cycle would be 100 more. Not the exact number: the Swift runtime's thread pool opens some of
            // its own at any time, since it reads /proc to see whether its threads are blocked.
            #expect(try count("/proc/self/fd") < before.0 + 20)
            #expect(try count("/proc/self/task") < before.1 + 20)
        }
    }
}
