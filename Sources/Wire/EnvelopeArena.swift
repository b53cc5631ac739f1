import CProtobufC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The memory of one parsed envelope, used again for the next: protobuf-c allocates by moving a cursor and frees
/// nothing.
///
/// It starts with one block and adds others when a message needs them. The bound is on what one message asks for, so
/// that whether it is accepted never depends on the messages before; beyond it protobuf-c gets NULL and reports the
/// message as bad. In the steady state no memory is asked of the system.
// Proof: `state` and `allocator` are made in `init` and freed in `deinit` alone; both stay where they are, so
// protobuf-c may keep `allocator` during a call. One loop owns the arena; the class is not Sendable.
@safe
final class EnvelopeArena {
    /// Given to protobuf-c; valid as long as the arena.
    let allocator: UnsafeMutablePointer<ProtobufCAllocator>
    private let state: UnsafeMutablePointer<ArenaState>

    /// - Parameter bytesMax: most memory for one message, in bytes, each piece rounded up to 16. The blocks may take
    ///   twice as much and 256 KiB: the end of a block is lost when the next piece does not fit, but is smaller than
    ///   that piece.
    init(bytesMax: Int) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: ArenaState(bytesMax: bytesMax))
        unsafe allocator = .allocate(capacity: 1)
        let callbacks = unsafe ProtobufCAllocator(alloc: arenaAllocate, free: arenaFree, allocator_data: state)
        unsafe allocator.initialize(to: callbacks)
    }

    deinit {
        unsafe allocator.deinitialize(count: 1)
        unsafe allocator.deallocate()
        unsafe state.pointee.releaseBlocks(keeping: 0)
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Forgets all that was allocated: every pointer into the arena is dead from here on.
    func reset() { unsafe state.pointee.reset() }

    /// How many blocks were ever asked of the system.
    var blocksMadeCount: Int { unsafe state.pointee.blocksMadeCount }

    /// Memory held, in bytes.
    var heldByteCount: Int { unsafe state.pointee.heldByteCount }
}

/// `ProtobufCAllocator.alloc`; a top-level function, since a C callback must not be isolated.
private func arenaAllocate(_ data: UnsafeMutableRawPointer?, _ byteCount: Int) -> UnsafeMutableRawPointer? {
    // Proof: `allocator_data` is the arena's own `state`, alive while protobuf-c runs, and nobody else touches it then.
    guard let data = unsafe data else { return nil }
    return unsafe data.assumingMemoryBound(to: ArenaState.self).pointee.allocate(byteCount)
}

/// `ProtobufCAllocator.free`: the whole arena is reset at once instead.
private func arenaFree(_ data: UnsafeMutableRawPointer?, _ memory: UnsafeMutableRawPointer?) {}

/// The blocks and the cursor of an `EnvelopeArena`; a struct behind a pointer, so that the callback counts no
/// reference.
// Proof: `cursor` and `end` bound the free part of the current block. A block is released only when nothing of it is in
// use: behind the current one, at `reset`, or in `deinit`.
@safe
private struct ArenaState {
    /// First block; an envelope of the usual size needs no other. 16 KiB: a 4 KiB payload and 64 pairs fit.
    static let firstBlockBytes = 16 << 10
    /// Above this, what a large message needed is given back after it.
    static let keptBytesMax = 256 << 10
    /// What protobuf-c may store at an address from `malloc` needs no more.
    static let alignment = 16

    let bytesMax: Int
    private var blocks: [UnsafeMutableRawBufferPointer] = unsafe []
    private var current = 0
    private var cursor: UnsafeMutableRawPointer?
    private var end: UnsafeMutableRawPointer?
    /// What may be handed out without a further look: of the current block, and of what one message may ask for.
    private var room = 0
    /// Handed out since the last reset, and `room` on top.
    private var grantedByteCount = 0
    private(set) var heldByteCount = 0
    private(set) var blocksMadeCount = 0

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount >= 0, byteCount <= bytesMax else { return nil }
        let rounded = max(byteCount + Self.alignment - 1, Self.alignment) & ~(Self.alignment - 1)
        if rounded > room && !makeRoom(rounded) { return nil }
        guard let piece = unsafe cursor else { return nil }
        unsafe cursor = piece + rounded
        room -= rounded
        return unsafe piece
    }

    /// Makes `room` at least `byteCount`; false when the message may not have so much, or the system has no memory.
    private mutating func makeRoom(_ byteCount: Int) -> Bool {
        let usedByteCount = grantedByteCount - room
        guard byteCount <= bytesMax - usedByteCount else { return false }
        if !fits(byteCount) && !advance(toFit: byteCount) { return false }
        guard let cursor = unsafe cursor, let end = unsafe end else { return false }
        room = unsafe min(end - cursor, bytesMax - usedByteCount)
        grantedByteCount = usedByteCount + room
        return true
    }

    private func fits(_ byteCount: Int) -> Bool {
        guard let cursor = unsafe cursor, let end = unsafe end else { return false }
        return unsafe end - cursor >= byteCount
    }

    /// Makes a block of at least `byteCount` current; false when the system has no memory.
    private mutating func advance(toFit byteCount: Int) -> Bool {
        let next = unsafe cursor == nil ? 0 : current + 1
        if unsafe next < blocks.count && blocks[next].count >= byteCount {
            use(next)
            return true
        }
        // A kept block that is too small makes way for one that fits the next time too.
        releaseBlocks(keeping: next)
        let doubled = unsafe blocks.last.map { min(2 * $0.count, Self.keptBytesMax) } ?? Self.firstBlockBytes
        let blockByteCount = max(byteCount, doubled)
        guard let memory = unsafe malloc(blockByteCount) else { return false }
        unsafe blocks.append(UnsafeMutableRawBufferPointer(start: memory, count: blockByteCount))
        heldByteCount += blockByteCount
        blocksMadeCount += 1
        use(next)
        return true
    }

    private mutating func use(_ index: Int) {
        current = index
        let start = unsafe blocks[index].baseAddress
        unsafe cursor = start
        unsafe end = start.map { unsafe $0 + blocks[index].count }
    }

    mutating func reset() {
        (room, grantedByteCount) = (0, 0)
        if heldByteCount > Self.keptBytesMax { releaseBlocks(keeping: 1) }
        if unsafe blocks.isEmpty {
            unsafe (cursor, end) = (nil, nil)
        } else {
            use(0)
        }
    }

    mutating func releaseBlocks(keeping count: Int) {
        while unsafe blocks.count > count, let block = unsafe blocks.popLast() {
            heldByteCount -= block.count
            unsafe free(block.baseAddress)
        }
    }
}
