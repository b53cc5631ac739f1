import Testing
import Threading

@testable import EventLoop

@Suite struct EventLoopTests {
    @Test("work from several threads arrives whole, in the order of each thread")
    func orderOfEachProducer() async throws {
        let producers = 4, each = 10_000
        try await withLoops(1) { loops in
            let loop = loops[0]
            let done = Mailbox<[[Int]]>()
            let seen = LoopBound(handing: Box([[Int]](repeating: [], count: producers)), to: loop)
            let left = LoopBound(handing: Box(producers * each), to: loop)
            let threads = try (0..<producers).map { producer in
                try Started("producer") {
                    for index in 0..<each {
                        loop.execute {
                            seen.value.value[producer].append(index)
                            left.value.value -= 1
                            if left.value.value == 0 { done.put(seen.value.value) }
                        }
                    }
                }
            }
            #expect(try await done.next() == [[Int]](repeating: Array(0..<each), count: producers))
            for thread in threads { thread.join() }
        }
    }

    @Test("work that a loop gives itself runs later, in order, and a batch stays together")
    func ownWork() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let done = Mailbox<[Int]>()
            loop.execute {
                let order = LoopBound(Box([Int]()), on: loop)
                loop.execute { order.value.value.append(1) }
                loop.execute(batch: [{ order.value.value.append(2) }, { order.value.value.append(3) }])
                loop.execute { done.put(order.value.value) }
                order.value.value.append(0)
            }
            let order = try await done.next()
            #expect(order == [0, 1, 2, 3])
        }
    }

    @Test("a job that never ends to enqueue itself starves no socket, timer or other thread")
    func floodOfJobs() async throws {
        try await withLoops(1) { loops in
            let loop = loops[0]
            let (mine, theirs) = PlainSocket.pair()
            let isOver = LoopBound(handing: Box(false), to: loop)
            @Sendable func again() { if !isOver.value.value { loop.execute { again() } } }
            loop.execute {
                again()
                startEcho(AcceptedSocket(owning: theirs), on: loop)
            }
            for _ in 0..<20 {
                try mine.send([1, 2, 3])
                #expect(try mine.receive(3) == [1, 2, 3])
            }
            try await loop.sleep(for: .milliseconds(2))
            try await loop.call { isOver.value.value = true }
        }
    }

    @Test("the current loop is known on its thread, and only there")
    func current() async throws {
        try await withLoops(2) { loops in
            #expect(EventLoop.current == nil && !loops[0].isCurrent)
            let isRight = try await loops[0].call { [loops] in
                EventLoop.current === loops[0] && loops[0].isCurrent && !loops[1].isCurrent
            }
            #expect(isRight)
        }
    }

    @Test("a value bound to a loop stops the process when it is read elsewhere")
    func boundElsewhere() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop.start(.init(name: "test"))
            _ = LoopBound(handing: 1, to: loop).value
        }
    }

    @Test("a stream's handle used from another thread stops the process")
    func checkedElsewhere() async {
        await #expect(processExitsWith: .failure) { try EventLoop.start(.init(name: "test")).preconditionCurrent() }
    }

    @Test("the ring gives back what an array would", arguments: UInt64(0)..<20)
    func ringAgreesWithArray(seed: UInt64) {
        let result = Lock([Int]())
        var ring = JobRing()
        var model: [Int] = []
        var expected: [Int] = []
        for (index, byte) in pattern(8_000, seed: seed).enumerated() {
            // Long runs of pushes and of pops, so that it grows, wraps and shrinks.
            let isPushing = (index / 1_000).isMultiple(of: 2) ? byte < 200 : byte < 50
            if isPushing {
                ring.push(.work { result.withLock { $0.append(index) } })
                model.append(index)
            } else {
                if case .work(let work) = ring.pop() { work() }
                if !model.isEmpty { expected.append(model.removeFirst()) }
            }
            #expect(ring.count == model.count)
        }
        #expect(result.withLock { $0 } == expected)
    }
}

/// A thread that a test joins.
final class Started: @unchecked Sendable {
    private var thread: Thread?
    init(_ name: String, _ main: @escaping @Sendable () -> Void) throws { thread = try Thread.start(name: name, main) }
    func join() { thread.take()?.join() }
}
