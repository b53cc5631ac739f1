import CCounting
import TestKit

/// Allocations and system calls of echoes, counted exactly.
struct CountedEcho {
    /// What a threshold is kept of.
    enum Count: String, CaseIterable {
        case allocations = "allocations_per_call"
        case allocatedBytes = "allocated_bytes_per_call"
        case systemCalls = "system_calls_per_batch"
    }

    private static let shape = Shape(connections: 1, inFlight: 64)
    private static let batchCount = 1_000

    /// Counts over batches of 64 calls on one connection of a daemon with one loop.
    static func measure() async throws -> [Count: Double] {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/counts"
        guard let counts = counting_open(path) else { throw BenchmarkError("no file for the counts in \(folder.path)") }
        let server = try ServerUnderTest(daemonIn: folder, loops: 1, countsPath: path)
        try await server.ready()
        let scene = try await Scene.found(in: server, teachers: 1)
        let calls = try scene.echo()
        func run(_ batches: Int) throws -> Totals {
            let before = Totals(counting_read(counts))
            _ = try Load.run(calls, to: server, shape, warmUp: 0, count: batches * shape.inFlight)
            return Totals(counting_read(counts)) - before
        }
        // What opening and closing the connection costs stands in both runs, so the difference is calls alone.
        _ = try run(batchCount)
        let short = try run(batchCount)
        let long = try run(2 * batchCount)
        try await server.stop()
        let (difference, callCount) = (long - short, Double(batchCount * shape.inFlight))
        return [
            .allocations: difference.allocations / callCount,
            .allocatedBytes: difference.allocatedBytes / callCount,
            .systemCalls: difference.systemCalls / Double(batchCount),
        ]
    }
}

/// The counts of a process at one time, or between two; a difference of two runs may be below zero.
private struct Totals {
    var allocations, allocatedBytes, systemCalls: Double

    init(_ counts: counting_snapshot) {
        allocations = Double(counts.allocations)
        allocatedBytes = Double(counts.allocated_bytes)
        systemCalls = Double(counts.reads + counts.writes + counts.polls + counts.poll_changes + counts.syncs)
    }

    static func - (later: Totals, earlier: Totals) -> Totals {
        var difference = later
        difference.allocations -= earlier.allocations
        difference.allocatedBytes -= earlier.allocatedBytes
        difference.systemCalls -= earlier.systemCalls
        return difference
    }
}
