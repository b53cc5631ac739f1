import EventLoop
import Threading

/// Where the plaintext of one read is gathered: one for all connections of a loop, since none reads inside another's
/// read. It is empty whenever no connection is reading.
// Proof: the memory is made in init and freed in deinit; the pointer does not leave the closures' calls.
@safe
final class Scratch {
    /// As much as the loop reads at once: the plaintext of one read is one batch for the owner.
    private static let byteCount = EventLoop.readBufferByteCount

    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init() { unsafe memory = .allocate(byteCount: Self.byteCount, alignment: 16) }

    deinit { unsafe memory.deallocate() }

    var isFull: Bool { count == Self.byteCount }

    /// Lets `body` write into what is free; it answers how many bytes it wrote.
    func append(_ body: (UnsafeMutableRawBufferPointer) -> Int) {
        unsafe count += body(UnsafeMutableRawBufferPointer(rebasing: memory[count...]))
    }

    /// Lends what was gathered, and is empty then.
    func take(_ body: (RawSpan) -> Void) {
        guard count > 0 else { return }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
        count = 0
        unsafe body(bytes.bytes)
    }
}

@available(*, unavailable) extension Scratch: Sendable {}

/// The scratches of all loops that a context has connections on.
final class Scratches: Sendable {
    private let byLoop = Lock<[ObjectIdentifier: LoopBound<Scratch>]>([:])

    /// On the loop.
    func scratch(of loop: EventLoop) -> Scratch {
        let bound = byLoop.withLock { byLoop in
            if let known = byLoop[ObjectIdentifier(loop)] { return known }
            let fresh = LoopBound(handing: Scratch(), to: loop)
            byLoop[ObjectIdentifier(loop)] = fresh
            return fresh
        }
        return bound.value
    }
}
