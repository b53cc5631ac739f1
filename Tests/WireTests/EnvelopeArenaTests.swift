import CProtobufC
import Testing

@testable import Wire

@Suite("The arena under protobuf-c")
struct EnvelopeArenaTests {
    @Test("gives aligned pieces apart from each other, and NULL exactly beyond its bound", arguments: UInt64(0)..<50)
    func piecesAreApartAndBounded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytesMax = random.int(1_000...900_000)
        let arena = EnvelopeArena(bytesMax: bytesMax)
        for _ in 0..<6 {
            var pieces: [Range<UInt>] = []
            var usedByteCount = 0
            for _ in 0..<random.int(0...2_000) {
                let byteCount = random.int(0...(random.chance(9) ? 60_000 : 500))
                let piece = allocate(byteCount, in: arena)
                let rounded = max(16, (byteCount + 15) / 16 * 16)
                if (piece != nil) != (usedByteCount + rounded <= bytesMax) { Issue.record("bound, seed \(seed)") }
                if let piece {
                    pieces.append(piece)
                    usedByteCount += rounded
                }
            }
            #expect(pieces.allSatisfy { $0.lowerBound % 16 == 0 })
            let inOrder = pieces.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
            #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
            #expect(arena.heldByteCount <= 2 * bytesMax + 256 << 10)
            arena.reset()
            #expect(arena.heldByteCount <= 256 << 10)
        }
    }

    @Test("a size that cannot be is NULL", arguments: [100_001, Int.max, -1])
    func impossibleSizes(byteCount: Int) {
        let arena = EnvelopeArena(bytesMax: 100_000)
        #expect(arena.allocator.pointee.alloc(arena.allocator.pointee.allocator_data, byteCount) == nil)
    }

    /// The addresses of a new piece, all of them written to; nil when there is no more.
    private func allocate(_ byteCount: Int, in arena: EnvelopeArena) -> Range<UInt>? {
        let allocator = arena.allocator.pointee
        guard let memory = allocator.alloc(allocator.allocator_data, byteCount) else { return nil }
        memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: byteCount)
        return UInt(bitPattern: memory)..<UInt(bitPattern: memory) + UInt(byteCount)
    }
}
