public import Calendar
import Threading

/// Makes ids that sort by the time they were made: 26 characters of Crockford's base 32, 48 bits of milliseconds and
/// 80 random bits (the layout of a ULID).
///
/// Within one millisecond, and when the clock goes backwards, the random part counts up, so ids of one generator
/// always rise.
public final class IDGenerator: Sendable {
    private struct State {
        var milliseconds: UInt64 = 0
        var high: UInt16 = 0
        var low: UInt64 = 0
    }

    private let state = Lock(State())
    private let random: @Sendable () -> UInt64

    /// - Parameter random: 64 random bits; the system's generator by default.
    public init(random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) }) { self.random = random }

    public func next(at now: Timestamp) -> String {
        state.withLock { state in
            let milliseconds = UInt64(max(now.microseconds, 0) / 1_000)
            if milliseconds > state.milliseconds {
                // The top bit stays free, so that counting up cannot overflow within a millisecond.
                state = State(
                    milliseconds: milliseconds, high: UInt16(truncatingIfNeeded: random()) >> 1, low: random())
            } else {
                let (low, overflow) = state.low.addingReportingOverflow(1)
                state.low = low
                state.high &+= overflow ? 1 : 0
            }
            return Self.text(state)
        }
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func text(_ state: State) -> String {
        var characters = [UInt8](repeating: 0, count: 26)
        var time = state.milliseconds & 0xFFFF_FFFF_FFFF
        for index in stride(from: 9, through: 0, by: -1) {
            characters[index] = alphabet[Int(time & 31)]
            time >>= 5
        }
        var (high, low) = (UInt64(state.high), state.low)
        for index in stride(from: 25, through: 10, by: -1) {
            characters[index] = alphabet[Int(low & 31)]
            low = (low >> 5) | (high & 31) << 59
            high >>= 5
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
