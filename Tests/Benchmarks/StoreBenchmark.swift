/// A read of one row and its neighbours, and durable writes: alone, and many at once.
struct StoreBenchmark {
    let scene: Scene
    let server: ServerUnderTest
    let isQuick: Bool

    func run() async throws {
        say("calls that reach the database, 1 loop")
        say("  call                 conn × in flight      CPU µs      p50 µs    p99 µs     calls/s")
        try read()
        try await write()
    }

    private func read() throws {
        let calls = try scene.getWorkshop()
        for shape in [Shape(connections: 1, inFlight: 1), Shape(connections: 1, inFlight: 64)] {
            let count = (shape.inFlight == 1 ? 10_000 : 40_000) / (isQuick ? 4 : 1)
            let samples = try (0..<5).map { _ in
                try Load.run(calls, to: server, shape, warmUp: count / 10, count: count)
            }
            show("GetWorkshop", shape, samples)
        }
    }

    /// Every registration is one more: the two shapes take turns, each in a new workshop.
    private func write() async throws {
        let (alone, together) = (Shape(connections: 1, inFlight: 1), Shape(connections: 1, inFlight: 64))
        var (slow, fast, ratios): ([Sample], [Sample], [Double]) = ([], [], [])
        for _ in 0..<(isQuick ? 3 : 5) {
            let calls = try await scene.registrations()
            let aloneCount = 300
            let first = try Load.run(
                calls.slice(0..<aloneCount), to: server, alone, warmUp: 20, count: aloneCount - 20)
            let rest = calls.slice(aloneCount..<calls.count)
            let second = try Load.run(rest, to: server, together, warmUp: 64, count: rest.count - 64)
            slow.append(first)
            fast.append(second)
            ratios.append(second.callsPerSecond / first.callsPerSecond)
        }
        show("Register, durable", alone, slow)
        show("Register, durable", together, fast)
        let ratio = Spread(ratios).text(digits: 1)
        say("  64 at once against one by one: \(ratio) times the rate; goal: at least 4")
    }

    private func show(_ name: String, _ shape: Shape, _ samples: [Sample]) {
        func median(_ value: (Sample) -> Double) -> Double { Spread(samples.map(value)).median }
        say(
            "  " + name.left(21) + "\(shape)".left(19)
                + median(\.cpuMicroseconds).rounded(to: 2).right(9) + median(\.p50).rounded(to: 1).right(12)
                + median(\.p99).rounded(to: 1).right(10) + median(\.callsPerSecond).rounded(to: 0).right(12))
    }
}
