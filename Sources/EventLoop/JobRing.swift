/// What a loop runs in a turn beside its callbacks: a job of the Swift runtime, or a closure.
enum LoopJob: Sendable {
    case executor(UnownedJob)
    case work(@Sendable () -> Void)
}

/// A first-in first-out queue in one block of memory; it allocates only when it must grow.
///
/// Why not an array or a deque: this is pushed and popped once per resumption, and a move in and a move out of raw
/// memory spare the reference counts and the uniqueness checks.
// Proof: exactly the `count` slots from `head` on (modulo capacity) are initialised; push initialises one, pop moves
// one out, deinit destroys the rest. The struct cannot be copied, so the block has one owner.
@safe
struct JobRing: ~Copyable {
    /// The block is given back when the ring runs empty after a peak larger than this many jobs.
    private static let keptCapacityMax = 4_096
    private static let smallestCapacity = 256

    private var slots: UnsafeMutablePointer<LoopJob>
    private var capacity: Int  // a power of two, so that the index wraps by a mask
    private var head = 0
    private(set) var count = 0

    init() {
        capacity = Self.smallestCapacity
        unsafe slots = .allocate(capacity: capacity)
    }

    deinit {
        for offset in 0..<count { unsafe (slots + ((head + offset) & (capacity - 1))).deinitialize(count: 1) }
        unsafe slots.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    mutating func push(_ job: LoopJob) {
        if count == capacity { resize(to: capacity * 2) }
        unsafe (slots + ((head + count) & (capacity - 1))).initialize(to: job)
        count += 1
    }

    mutating func pop() -> LoopJob? {
        guard count > 0 else {
            if capacity > Self.keptCapacityMax { resize(to: Self.smallestCapacity) }
            return nil
        }
        let job = unsafe (slots + head).move()
        head = (head + 1) & (capacity - 1)
        count -= 1
        return job
    }

    private mutating func resize(to newCapacity: Int) {
        let grown = UnsafeMutablePointer<LoopJob>.allocate(capacity: newCapacity)
        for offset in 0..<count {
            unsafe (grown + offset).initialize(to: (slots + ((head + offset) & (capacity - 1))).move())
        }
        unsafe slots.deallocate()
        unsafe slots = grown
        (capacity, head) = (newCapacity, 0)
    }
}
