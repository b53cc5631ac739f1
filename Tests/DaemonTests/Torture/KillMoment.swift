import EventLoop
import TestKit

/// When a daemon is killed.
enum KillMoment: Sendable, CustomStringConvertible {
    /// So many nanoseconds after it was started, before or after it serves.
    case starting(nanoseconds: UInt64)
    /// After so many acknowledgements of this start, and so many nanoseconds: others are in flight then.
    case serving(acks: Int, nanoseconds: UInt64)

    /// One start in five is cut short; a fifth of the others is hit at the acknowledgement itself.
    static func random(using random: inout Random) -> KillMoment {
        if random.next(upperBound: 5 as UInt64) == 0 {
            return .starting(nanoseconds: random.next(upperBound: 150_000_000 as UInt64))
        }
        let acks = 1 + Int(random.next(upperBound: 60 as UInt64))
        let isAtOnce = random.next(upperBound: 5 as UInt64) == 0
        return .serving(acks: acks, nanoseconds: isAtOnce ? 0 : random.next(upperBound: 4_000_000 as UInt64))
    }

    /// Passes so much time, exactly: a timer of the loop knows milliseconds alone.
    static func spin(nanoseconds: UInt64) {
        let end = EventLoop.nanosecondsNow() + nanoseconds
        while EventLoop.nanosecondsNow() < end {}
    }

    var description: String {
        switch self {
        case .starting(let nanoseconds): "\(nanoseconds) ns after the start"
        case .serving(let acks, let nanoseconds): "\(nanoseconds) ns after acknowledgement \(acks)"
        }
    }
}
