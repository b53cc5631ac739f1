import Testing

@testable import Wire

@Suite("Cutting bytes into frames")
struct FrameDecoderTests {
    @Test("gives the same frames however the bytes are split", arguments: UInt64(0)..<40)
    func agreesWithWholeBuffer(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let dataBytesMax = random.int(0...40)
            let stream = Self.randomStream(dataBytesMax: dataBytesMax, using: &random)
            let expected = WholeBuffer.frames(in: stream, dataBytesMax: dataBytesMax)
            let found = Self.decodeInPieces(stream, dataBytesMax: dataBytesMax, using: &random)
            #expect(found == expected, "seed \(seed)")
        }
    }

    @Test("takes any bytes at all", arguments: UInt64(0)..<20)
    func takesAnyBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let stream = random.bytes(random.int(0...60)).map { random.chance(2) ? 0 : $0 }
            let expected = WholeBuffer.frames(in: stream, dataBytesMax: 16)
            #expect(Self.decodeInPieces(stream, dataBytesMax: 16, using: &random) == expected, "seed \(seed)")
        }
    }

    @Test("hands a whole frame out in place, and copies only the start of a split one")
    func copiesOnlySplitFrames() {
        var decoder = FrameDecoder()
        let bytes = frame(streamID: 1, [1, 2, 3]) + frame(streamID: 3, [4, 5])
        let base = bytes.span.bytes
        var places: [Range<Int>?] = []
        let consumed = decoder.decode(base.extracting(first: bytes.count - 1), framesMax: 9) { _, _, data in
            places.append(base.byteOffsets(of: data))
        }
        #expect(consumed == bytes.count - 1 && places == [10..<13])
        #expect(decoder.bufferedByteCount == 11)
        #expect(decoder.collect([5]).frames.map(\.data) == [[4, 5]])
        #expect(decoder.bufferedByteCount == 0)
    }

    @Test("stops after framesMax events, with the rest not consumed")
    func stopsAtFramesMax() {
        var decoder = FrameDecoder()
        let bytes = frame(streamID: 1, [1]) + frame(streamID: 3, []) + frame(streamID: 5, [2]) + [0, 0]
        let first = decoder.collect(bytes, framesMax: 2)
        #expect(first.consumed == 21 && first.frames.map(\.header.streamID) == [1, 3])
        #expect(decoder.bufferedByteCount == 0)
        let second = decoder.collect(Array(bytes[21...]), framesMax: 2)
        #expect(second.consumed == 13 && second.frames.map(\.header.streamID) == [5])
        #expect(decoder.bufferedByteCount == 2)
        let none = decoder.collect(bytes, framesMax: 0)
        #expect(none.consumed == 0 && none.frames.isEmpty)
    }

    @Test("reports an oversize frame once, skips its bytes unbuffered, and goes on behind it")
    func skipsOversizeFrames() {
        var decoder = FrameDecoder(dataBytesMax: 100)
        var frames: [FoundFrame] = []
        for byte in frame(streamID: 7, [UInt8](repeating: 1, count: 101)) + frame(streamID: 9, [8]) {
            frames += decoder.collect([byte]).frames
            #expect(decoder.bufferedByteCount <= 10)
        }
        #expect(frames.map(\.event) == [.oversize, .frame])
        #expect(frames.map(\.header.streamID) == [7, 9] && frames.map(\.data) == [[], [8]])
    }

    @Test("accepts data of exactly the bound of the protocol; one byte more is oversize")
    func boundIsInclusive() {
        var decoder = FrameDecoder()
        let data = [UInt8](repeating: 1, count: 4 << 20)
        let bytes = frame(streamID: 1, data)
        var frames: [FoundFrame] = []
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            frames += decoder.collect(Array(bytes[start..<min(start + 65_536, bytes.count)])).frames
        }
        #expect(frames.map(\.event) == [.frame] && frames.first?.data == data)
        #expect(decoder.collect(hex("00400001 00000001 01 00")).frames.map(\.event) == [.oversize])
    }

    @Test("keeps no memory for a header that only claims much data, and gives back what a large frame took")
    func memoryFollowsWhatCame() {
        var decoder = FrameDecoder()
        _ = decoder.collect(hex("00400000 00000001 01 00 ff"))
        #expect(decoder.bufferedByteCount == 11 && decoder.bufferCapacity < 256)
        _ = decoder.collect([UInt8](repeating: 0, count: 1 << 20))
        #expect(decoder.bufferCapacity < 3 << 20)
        let last = decoder.collect([UInt8](repeating: 0, count: 3 << 20)).frames
        #expect(last.count == 1 && decoder.bufferCapacity <= 1024)
    }

    /// Frames with small and oversize data, any type and flags, the last one cut off somewhere.
    private static func randomStream(dataBytesMax: Int, using random: inout SeededRandom) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<random.int(0...6) {
            let count = random.chance(4) ? random.int(0...120) : random.int(0...dataBytesMax)
            stream += frame(streamID: UInt32(random.int(0...9)), random.bytes(count), type: UInt8(random.int(0...255)))
        }
        return random.chance(3) ? stream : stream.dropLast(random.int(0...min(stream.count, 30)))
    }

    /// Gives `stream` to a decoder in random pieces and with random budgets, as a connection would.
    private static func decodeInPieces(
        _ stream: [UInt8], dataBytesMax: Int, using random: inout SeededRandom
    ) -> [FoundFrame] {
        var decoder = FrameDecoder(dataBytesMax: dataBytesMax)
        var found: [FoundFrame] = []
        var offset = 0
        while offset < stream.count {
            let end = min(stream.count, offset + random.int(1...(random.chance(3) ? 3 : 60)))
            let framesMax = random.int(1...3)
            let (consumed, frames) = decoder.collect(Array(stream[offset..<end]), framesMax: framesMax)
            let isDone = consumed == end - offset || frames.count == framesMax
            let isBounded = decoder.bufferedByteCount <= FrameHeader.byteCount + dataBytesMax
            if frames.count > framesMax || !isDone || !isBounded { Issue.record("a bound is broken") }
            found += frames
            offset += consumed
        }
        return found
    }
}

/// An event with a copy of its data.
struct FoundFrame: Equatable {
    var event: FrameDecoder.Event
    var header: FrameHeader
    var data: [UInt8]

    init(_ event: FrameDecoder.Event, _ header: FrameHeader, _ data: RawSpan) {
        (self.event, self.header, self.data) = (event, header, copy(data))
    }
}

extension FrameDecoder {
    /// What one call of `decode` gives, copied.
    mutating func collect(_ bytes: [UInt8], framesMax: Int = 99) -> (consumed: Int, frames: [FoundFrame]) {
        var frames: [FoundFrame] = []
        let consumed = decode(bytes.span.bytes, framesMax: framesMax) { frames.append(FoundFrame($0, $1, $2)) }
        return (consumed, frames)
    }
}

/// The bytes of one frame, made without the encoder.
func frame(streamID: UInt32, _ data: [UInt8], type: UInt8 = 1, flags: UInt8 = 0) -> [UInt8] {
    let integers = [UInt32(data.count), streamID].flatMap { value in
        [24, 16, 8, 0].map { shift in UInt8(truncatingIfNeeded: value >> UInt32(shift)) }
    }
    return integers + [type, flags] + data
}

/// The brute force: all bytes are there from the start.
private enum WholeBuffer {
    static func frames(in stream: [UInt8], dataBytesMax: Int) -> [FoundFrame] {
        var rest = stream[...]
        var frames: [FoundFrame] = []
        while let header = FrameHeader(Array(rest.prefix(10)).span.bytes) {
            rest = rest.dropFirst(10)
            let data = Array(rest.prefix(Int(header.dataByteCount)))
            if header.dataByteCount > dataBytesMax {
                frames.append(FoundFrame(.oversize, header, RawSpan()))
            } else if data.count == header.dataByteCount {
                frames.append(FoundFrame(.frame, header, data.span.bytes))
            } else {
                return frames
            }
            rest = rest.dropFirst(Int(header.dataByteCount))
        }
        return frames
    }
}
