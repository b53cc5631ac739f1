import ModuleKit
import RPC
import Store

/// How often, and after which pauses, something that failed is tried again.
struct Perseverance: Sendable, Equatable {
    /// The pause after the first failure; each further one doubles it.
    var pause: Duration
    /// The pause does not grow above this.
    var pauseMax: Duration
    /// After so many failures it is not tried any more, until an operator says so.
    var triesMax: Int

    /// The pause after so many failures in a row, at least one.
    func pause(afterFailures count: Int) -> Duration {
        var length = min(pause, pauseMax)
        // Once it is at the bound it stays there: the bound on the steps only spares a loop for a pause of nothing.
        for _ in 1..<min(max(count, 1), 64) where length < pauseMax { length = min(length * 2, pauseMax) }
        return length
    }

    /// Whether so many failures in a row are the end.
    func isOver(afterFailures count: Int) -> Bool { count >= triesMax }

    /// Whether to try at `now` what was to be tried at `instant`. A clock that was set back must not make a pause longer
    /// than any pause is.
    func isDue(_ instant: Timestamp, at now: Timestamp) -> Bool { instant <= now || instant > now + pauseMax }
}

/// A failure as operators may read it: what kind it is of, never a value that it concerns.
struct FailureText {
    let text: String

    init(_ error: any Error) {
        switch error {
        case let error as any StatusConvertible: text = "\(error.status.code.name) \(error.status.reason)"
        // Its texts name tables, columns and statements, never values.
        case let error as StoreError: text = "\(error)"
        default: text = "\(type(of: error))"
        }
    }
}

extension StoreError {
    /// Whether the cause is not what was to be done but the state that the store is in: then it is no failure of a
    /// reaction or a job, and will be done when the store can.
    var isPassing: Bool {
        switch self {
        case .overloaded, .cancelled, .closed: true
        default: concernsTheMachine
        }
    }
}
