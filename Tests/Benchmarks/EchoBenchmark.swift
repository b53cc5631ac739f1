import Glibc

/// The echo, ours and the reference's in turn: server CPU, latency and rate, and the ratio pair by pair.
struct EchoBenchmark {
    /// The daemon by its number of loops, with the calls that its tokens are good for.
    let daemons: [(loops: Int, server: ServerUnderTest, calls: EncodedCalls)]
    let reference: ServerUnderTest
    /// The daemon with one loop echoes a text with accents once more.
    let french: EncodedCalls
    let isQuick: Bool

    private static let shapes = [
        Shape(connections: 1, inFlight: 1), Shape(connections: 1, inFlight: 64), Shape(connections: 16, inFlight: 8),
    ]

    /// One line: a server and a shape.
    private struct Row {
        var samples: [Sample] = []
        var ratios: [Double] = []
    }

    func run() throws {
        say("echo, 100 bytes, authenticated by token: server CPU µs per call; ratio: to the C reference, pair by pair")
        say("  conn × in flight   server         CPU µs      p50 µs    p99 µs     calls/s   ratio (quartiles)")
        for shape in Self.shapes { try run(shape, daemons) }
        say("  the same with accents in the text")
        try run(Self.shapes[1], [(1, daemons[0].server, french)])
    }

    private func run(_ shape: Shape, _ daemons: [(loops: Int, server: ServerUnderTest, calls: EncodedCalls)]) throws {
        let count = (shape.inFlight == 1 ? 10_000 : 60_000) / (isQuick ? 2 : 1)
        let roundCount = isQuick ? 5 : 21
        var reference = Row()
        var ours = daemons.map { _ in Row() }
        for _ in 0..<roundCount {
            for (index, daemon) in daemons.enumerated() {
                let theirs = try Load.run(daemon.calls, to: self.reference, shape, warmUp: count / 10, count: count)
                let sample = try Load.run(daemon.calls, to: daemon.server, shape, warmUp: count / 10, count: count)
                reference.samples.append(theirs)
                ours[index].samples.append(sample)
                ours[index].ratios.append(sample.cpuMicroseconds / theirs.cpuMicroseconds)
            }
        }
        show(shape, "C reference", reference)
        for (daemon, row) in zip(daemons, ours) {
            show(shape, daemon.loops == 1 ? "cordeed, 1 loop" : "cordeed, \(daemon.loops) loops", row)
        }
    }

    private func show(_ shape: Shape, _ name: String, _ row: Row) {
        func median(_ value: (Sample) -> Double) -> Double { Spread(row.samples.map(value)).median }
        var line = "  " + "\(shape)".left(19) + name.left(16)
        line += median(\.cpuMicroseconds).rounded(to: 2).right(6) + median(\.p50).rounded(to: 1).right(12)
        line += median(\.p99).rounded(to: 1).right(10) + median(\.callsPerSecond).rounded(to: 0).right(12)
        if !row.ratios.isEmpty { line += "   \(Spread(row.ratios))" }
        say(line)
    }
}
