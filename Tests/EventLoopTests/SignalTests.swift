import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct SignalTests {
    // One signal for each test: the tests of this process run at once, and a signal is the whole process's.
    @Test("a signal of the process is told on the loop", arguments: [SIGUSR1])
    func delivered(signal: Int32) async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let came = Mailbox<(Int32, Bool)>()
            let source = try SignalSource.start([signal, SIGWINCH], on: loop) { came.put(($0, loop.isCurrent)) }
            for _ in 0..<3 {
                kill(getpid(), signal)
                #expect(try await came.next() == (signal, true))
            }
            source.stop()
            source.stop()
        }
    }

    @Test("a source can be started on its own loop")
    func startedInside() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let came = Mailbox<Int32>()
            let source = try await loop.call { try SignalSource.start([SIGUSR2], on: loop) { came.put($0) } }
            kill(getpid(), SIGUSR2)
            let signal = try await came.next()
            #expect(signal == SIGUSR2)
            source.stop()
        }
    }

    @Test("after the stop a signal does what it did before")
    func givenBack() async {
        await #expect(processExitsWith: .signal(SIGHUP)) {
            let loop = try EventLoop.start(.init(name: "test"))
            try SignalSource.start([SIGHUP], on: loop) { _ in }.stop()
            loop.stop()
            kill(getpid(), SIGHUP)
        }
    }

    @Test("a signal that cannot be watched is refused by its number", arguments: [SIGKILL, SIGSTOP, 0, 33, 65])
    func refused(signal: Int32) async throws {
        try await withLoops(1) { loops in
            let error = #expect(throws: EventLoopError.self) {
                try SignalSource.start([signal], on: loops[0]) { _ in }
            }
            #expect(error?.detail == "signal \(signal)")
        }
    }
}
