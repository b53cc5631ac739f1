import EventLoop

/// Something that ends at an instant if nothing else ends it before.
protocol Expiring: AnyObject {
    /// The instant, by `EventLoop.nanosecondsNow`.
    var expiresAt: UInt64 { get }
    /// Its place in the queue; the queue's own, -1 outside.
    var deadlineSlot: Int { get set }
    /// The instant has come. The queue has let go of it.
    func expire()
}

/// The open calls of a loop by their deadlines, with one timer for the earliest.
///
/// A binary heap in which each call knows its place, so that an answered call leaves at once: a client's usual timeout
/// is thousands of times longer than its calls. The timer may ring for a call that is gone; it is set anew then, so the
/// usual call neither starts nor stops one.
final class DeadlineQueue<Item: Expiring> {
    private var heap: [Item] = []
    private var timer: Timer?
    private var ringsAt: UInt64 = .max
    private let loop: EventLoop

    init(on loop: EventLoop) { self.loop = loop }

    var count: Int { heap.count }

    func insert(_ item: Item) {
        item.deadlineSlot = heap.count
        heap.append(item)
        rise(from: heap.count - 1)
        if heap[0] === item { arm() }
    }

    /// Takes `item` out; without effect when it is not in.
    func remove(_ item: Item) {
        let slot = item.deadlineSlot
        guard slot >= 0 else { return }
        item.deadlineSlot = -1
        let last = heap.removeLast()
        guard last !== item else { return }
        place(last, at: slot)
        rise(from: slot)
        sink(from: last.deadlineSlot)
    }

    /// Stops the timer; no item expires any more.
    func cancel() {
        timer.take()?.cancel()
        ringsAt = .max
    }

    private func arm() {
        guard let first = heap.first, first.expiresAt < ringsAt else { return }
        timer?.cancel()
        ringsAt = first.expiresAt
        let now = EventLoop.nanosecondsNow()
        let left = ringsAt > now ? ringsAt - now : 0
        timer = loop.schedule(after: .nanoseconds(Int64(clamping: left))) { [weak self] in self?.ring() }
    }

    private func ring() {
        timer = nil
        ringsAt = .max
        let now = EventLoop.nanosecondsNow()
        while let first = heap.first, first.expiresAt <= now {
            remove(first)
            first.expire()
        }
        arm()
    }

    private func place(_ item: Item, at slot: Int) {
        heap[slot] = item
        item.deadlineSlot = slot
    }

    private func rise(from start: Int) {
        var slot = start
        let item = heap[slot]
        while slot > 0 {
            let parent = (slot - 1) / 2
            guard item.expiresAt < heap[parent].expiresAt else { break }
            place(heap[parent], at: slot)
            slot = parent
        }
        place(item, at: slot)
    }

    private func sink(from start: Int) {
        var slot = start
        let item = heap[slot]
        while true {
            var child = 2 * slot + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].expiresAt < heap[child].expiresAt { child += 1 }
            guard heap[child].expiresAt < item.expiresAt else { break }
            place(heap[child], at: slot)
            slot = child
        }
        place(item, at: slot)
    }
}
