import Glibc

/// How long the crash tests are: short in `make test`, long in `make torture`, which sets these variables.
enum TortureOptions {
    /// How often the daemon is killed.
    static let killCount = number("CORDEE_TORTURE_KILLS") ?? 20
    /// Where the random moments come from; each failure tells it, and the same one asks for the same moments again.
    static let seed = number("CORDEE_TORTURE_SEED").map(UInt64.init) ?? UInt64.random(in: 0..<1 << 32)

    private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
