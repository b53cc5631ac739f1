import EventLoop
import RPC

/// The streams that are open on one loop: each is ended soon after its caller's right to it is.
///
/// A stream that only receives, or only waits, makes no move at which it could be looked at. So all of them are looked
/// at when a grant or a token of the daemon has changed, and at intervals for what ends by the clock; a look is two
/// comparisons for a stream of whose caller nothing has changed. On its loop.
final class OpenStreams {
    private let loop: EventLoop
    private let interval: Duration
    private var passes: [ObjectIdentifier: StreamPass] = [:]
    private var timer: Timer?

    init(on loop: EventLoop, lookingAgainEvery interval: Duration) { (self.loop, self.interval) = (loop, interval) }

    func add(_ pass: StreamPass) {
        passes[ObjectIdentifier(pass.call)] = pass
        if timer == nil { startTimer() }
    }

    func remove(_ call: ServerCall) {
        guard !passes.isEmpty else { return }
        passes[ObjectIdentifier(call)] = nil
    }

    func lookAgain() {
        // Ending one takes it out.
        for pass in Array(passes.values) { pass.lookAgain() }
    }

    private func startTimer() {
        timer = loop.schedule(
            after: interval,
            { [weak self] in
                guard let self else { return }
                timer = nil
                lookAgain()
                if !passes.isEmpty { startTimer() }
            }, abandoned: { [weak self] in self?.timer = nil })
    }
}
