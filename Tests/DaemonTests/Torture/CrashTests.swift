import Testing

/// A daemon that is killed at random moments under load, and started again on what is left: `make test` does it some
/// times, `make torture` some hundred times.
@Suite("Killed at random moments")
struct CrashTests {
    @Test("after each kill all that was acknowledged is there once, nothing half, and what is repeated is done once")
    func kills() async throws {
        var run = try await CrashRun(seed: TortureOptions.seed)
        for _ in 0..<TortureOptions.killCount { try await run.killOnce() }
        #expect(run.ledger.ackCount >= TortureOptions.killCount, "the load had no time to do anything")
        try await run.end()
    }
}
