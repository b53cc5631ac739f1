import EventLoop
import ModuleKit
import RPC
import Synchronization

/// The open streams of one loop: ends those whose caller may not go on, also those that neither send nor receive.
///
/// It looks when anybody's access has changed, once for however many changes came meanwhile, and by a timer when the
/// first right of a caller ends. A look at a stream whose caller is as before costs two comparisons, or one look-up for
/// each connection; it is cut in slices, so that many streams do not hold up the loop's calls. On the loop's thread only.
final class StreamWatch {
    /// Streams that are looked at in one turn.
    private static let sliceCount = 64
    /// The longest wait of the timer: a wall clock may be set.
    private static let waitMax = Duration.seconds(60)

    private let loop: EventLoop
    private let now: @Sendable () -> Timestamp
    private var passes: [ObjectIdentifier: StreamPass] = [:]
    private var rest: [ObjectIdentifier] = []
    private var timer: (timer: Timer, at: Timestamp)?

    init(on loop: EventLoop, now: @escaping @Sendable () -> Timestamp) { (self.loop, self.now) = (loop, now) }

    var isEmpty: Bool { passes.isEmpty }

    /// Has the watch look after each rise of the generation; it wakes the loop once for those of one turn.
    func listen(to generation: AccessGeneration) {
        let bound = LoopBound(self, on: loop)
        let isWoken = Woken()
        generation.listen {
            guard isWoken.begin() else { return }
            bound.loop.execute {
                isWoken.end()
                bound.value.look()
            }
        }
    }

    func add(_ pass: StreamPass) {
        passes[ObjectIdentifier(pass.call)] = pass
        arm(for: pass.validUntil)
    }

    func remove(_ call: ServerCall) { passes[ObjectIdentifier(call)] = nil }

    private func look() {
        guard !passes.isEmpty else { return }
        let isUnderWay = !rest.isEmpty
        rest = Array(passes.keys)
        if !isUnderWay { lookOn() }
    }

    private func lookOn() {
        for _ in 0..<min(Self.sliceCount, rest.count) {
            guard let id = rest.popLast(), let pass = passes[id] else { continue }
            pass.look()
        }
        guard rest.isEmpty else {
            let bound = LoopBound(self, on: loop)
            return loop.executeNextTurn { bound.value.lookOn() }
        }
        if let first = passes.values.lazy.map(\.validUntil).min() { arm(for: first) }
    }

    /// Sets the timer for an instant, unless it is set for an earlier one.
    private func arm(for end: Timestamp) {
        guard end != .max else { return }
        let now = now()
        let at = min(end, now + Self.waitMax)
        if let timer, timer.at <= at, timer.at > now { return }
        timer?.timer.cancel()
        let bound = LoopBound(self, on: loop)
        let set = loop.schedule(after: .microseconds(max(0, at.microseconds - now.microseconds))) {
            bound.value.timer = nil
            bound.value.look()
        }
        timer = (set, at)
    }
}

@available(*, unavailable) extension StreamWatch: Sendable {}

/// Whether a loop was woken and has not looked yet.
private final class Woken: Sendable {
    private let flag = Atomic(false)

    /// - Returns: false if it was woken already.
    func begin() -> Bool { !flag.exchange(true, ordering: .acquiringAndReleasing) }

    func end() { flag.store(false, ordering: .releasing) }
}
