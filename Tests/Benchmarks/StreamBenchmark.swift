import CLoad

/// Streams of the server's messages: how many a second, what a slow reader costs in memory, and whether a busy
/// connection makes a quiet one wait; all of the daemon with one loop.
struct StreamBenchmark {
    let scene: Scene
    let server: ServerUnderTest
    let isQuick: Bool

    /// A text of 18 bytes makes a message of 20, and a frame of 30.
    private static let smallTextBytes = 18
    /// A text of 1 021 bytes makes a message of 1 024.
    private static let largeTextBytes = 1_021
    private static let floodInFlight = 64

    func run() throws {
        say("streams of the server, 1 loop, one connection")
        try rate()
        try slowReader()
        try fairness()
    }

    private func rate() throws {
        let count = isQuick ? 500_000 : 2_000_000
        let call = try scene.count(count, textBytes: Self.smallTextBytes)
        let warmUp = count / 10
        _ = try Load.readStream(
            try scene.count(warmUp, textBytes: Self.smallTextBytes), from: server, expected: warmUp,
            pieceBytes: 256 << 10, isSlow: false)
        let results = try (0..<(isQuick ? 3 : 5)).map { _ in
            try Load.readStream(call, from: server, expected: count, pieceBytes: 256 << 10, isSlow: false)
        }
        let rates = Spread(results.map { Double($0.messages) / $0.seconds / 1_000 })
        let cpu = Spread(results.map { $0.server_cpu_us / Double($0.messages) })
        let before = results[0].resident_before
        let most = results.map(\.resident_max).max() ?? before
        say("  20 bytes each          \(rates.text(digits: 0)) thousand messages a second; goal: at least 300")
        say("                         \(cpu.text(digits: 3)) µs of server CPU each")
        say("                         memory grew by \(kibibytes(most, over: before)) KiB over all of them")
    }

    private func slowReader() throws {
        let count = (isQuick ? 64 : 1_024) << 10
        let result = try Load.readStream(
            try scene.count(count, textBytes: Self.largeTextBytes), from: server, expected: count,
            pieceBytes: 16 << 10, isSlow: true)
        let rate = Double(result.bytes) / result.seconds / 1_048_576
        say(
            "  slow reader            \(result.bytes >> 20) MiB in pieces of 4 to 16 KiB, \(rate.rounded(to: 0)) MiB/s: "
                + "memory grew by \(kibibytes(result.resident_max, over: result.resident_before)) KiB at most; "
                + "goal: at most 8192")
    }

    /// The quiet connection makes one call at a time.
    private func fairness() throws {
        let count = isQuick ? 2_000 : 5_000
        let echo = try scene.echo()
        let shape = Shape(connections: 1, inFlight: 1)
        var (alone, beside): ([Sample], [Sample]) = ([], [])
        var flooded = 0.0
        for _ in 0..<(isQuick ? 3 : 9) {
            alone.append(try Load.run(echo, to: server, shape, warmUp: count / 10, count: count))
            let (sample, answered) = try Load.withFlood(echo, to: server, inFlight: Self.floodInFlight) {
                try Load.run(echo, to: server, shape, warmUp: count / 10, count: count)
            }
            beside.append(sample)
            flooded = Double(answered) * sample.callsPerSecond / Double(count + count / 10)
        }
        let ratio = Spread(zip(alone, beside).map { $1.p99 / $0.p99 })
        say(
            "  quiet connection       p99 \(Spread(alone.map(\.p99)).text(digits: 0)) µs alone, "
                + "\(Spread(beside.map(\.p99)).text(digits: 0)) µs beside one with \(Self.floodInFlight) in flight "
                + "(\(flooded.rounded(to: 0)) a second)")
        say(
            "                         p50 \(Spread(alone.map(\.p50)).text(digits: 0)) µs and "
                + "\(Spread(beside.map(\.p50)).text(digits: 0)) µs; p99 \(ratio) times; goal: at most 2")
    }

    private func kibibytes(_ more: UInt64, over less: UInt64) -> Int64 { (Int64(more) - Int64(less)) >> 10 }
}
