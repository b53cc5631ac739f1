/// Cuts a connection's bytes into frames, whatever the pieces in which they come.
///
/// A frame that lies whole in the bytes given is handed out in place; only a frame that is split between two reads is
/// copied. A frame whose data is longer than the bound is reported and skipped, never stored.
public struct FrameDecoder: ~Copyable {
    /// What was found.
    public enum Event: Equatable, Sendable {
        /// A whole frame, with its data.
        case frame
        /// The header of a frame whose data is too long; comes once, without data. The connection lives on.
        case oversize
    }

    /// ttrpc's own bound on the data of a frame: 4 MiB (ttrpc `channel.go`, `messageLengthMax`).
    public static let dataBytesMaxDefault = 4 << 20

    // Above this a buffer is given back once its frame is complete, so that an idle connection holds next to nothing.
    private static let keptCapacityMax = 1024

    private let dataBytesMax: Int
    /// The start of a frame of which the rest has not come; always shorter than that frame.
    private var started: [UInt8] = []
    /// How many bytes of an oversize frame are still to come; while it is above 0, `started` is empty.
    private var skipByteCount = 0

    /// - Parameter dataBytesMax: longest data of a frame that is handed out, in bytes, without the header.
    public init(dataBytesMax: Int = FrameDecoder.dataBytesMaxDefault) {
        precondition(dataBytesMax >= 0)
        self.dataBytesMax = dataBytesMax
    }

    /// How many bytes of an incomplete frame are held; at most the header and `dataBytesMax`.
    public var bufferedByteCount: Int { started.count }

    /// Whether a frame has begun whose rest has not come.
    public var isWithinFrame: Bool { skipByteCount > 0 || !started.isEmpty }

    /// Memory held for incomplete frames, in bytes.
    var bufferCapacity: Int { started.capacity }

    /// Takes `bytes` and hands out each frame that is now whole, in order.
    ///
    /// - Parameters:
    ///   - bytes: what came after the bytes consumed by the call before.
    ///   - framesMax: after so many events the call returns, so that one connection cannot hold the loop.
    ///   - handle: is given the event, its header and the frame's data (empty for `.oversize`), which is valid during
    ///     the call only. It must not touch this decoder.
    /// - Returns: how many bytes were consumed: all, unless `framesMax` was reached. The caller keeps the rest and
    ///   gives it again, before newer bytes.
    public mutating func decode(
        _ bytes: RawSpan,
        framesMax: Int,
        _ handle: (Event, FrameHeader, RawSpan) -> Void
    ) -> Int {
        var offset = 0
        var eventCount = 0
        while offset < bytes.byteCount && eventCount < framesMax {
            if skipByteCount > 0 {
                let skipped = min(skipByteCount, bytes.byteCount - offset)
                skipByteCount -= skipped
                offset += skipped
                continue
            }
            let rest = bytes.extracting(offset...)
            let (taken, found) = started.isEmpty ? decodeInPlace(rest, handle) : decodeStarted(rest, handle)
            offset += taken
            if found { eventCount += 1 }
        }
        return offset
    }

    /// Looks for one frame that begins with `bytes`; buffers them all when it is not whole.
    private mutating func decodeInPlace(
        _ bytes: RawSpan,
        _ handle: (Event, FrameHeader, RawSpan) -> Void
    ) -> (taken: Int, found: Bool) {
        guard let header = FrameHeader(bytes) else {
            start(with: bytes, of: FrameHeader.byteCount)
            return (bytes.byteCount, false)
        }
        let dataByteCount = Int(header.dataByteCount)
        guard dataByteCount <= dataBytesMax else {
            skipByteCount = dataByteCount
            handle(.oversize, header, RawSpan())
            return (FrameHeader.byteCount, true)
        }
        let frameByteCount = FrameHeader.byteCount + dataByteCount
        guard bytes.byteCount >= frameByteCount else {
            start(with: bytes, of: frameByteCount)
            return (bytes.byteCount, false)
        }
        handle(.frame, header, bytes.extracting(FrameHeader.byteCount..<frameByteCount))
        return (frameByteCount, true)
    }

    /// Goes on with the frame in `started`, taking from `bytes` no more than it lacks.
    private mutating func decodeStarted(
        _ bytes: RawSpan,
        _ handle: (Event, FrameHeader, RawSpan) -> Void
    ) -> (taken: Int, found: Bool) {
        var taken = 0
        if started.count < FrameHeader.byteCount {
            taken = take(from: bytes, upTo: FrameHeader.byteCount)
        }
        guard let header = FrameHeader(startedBytes) else { return (taken, false) }
        let dataByteCount = Int(header.dataByteCount)
        guard dataByteCount <= dataBytesMax else {
            skipByteCount = dataByteCount
            clearStarted()
            handle(.oversize, header, RawSpan())
            return (taken, true)
        }
        let frameByteCount = FrameHeader.byteCount + dataByteCount
        taken += take(from: bytes.extracting(taken...), upTo: frameByteCount)
        guard started.count == frameByteCount else { return (taken, false) }
        handle(.frame, header, startedBytes.extracting(FrameHeader.byteCount...))
        clearStarted()
        return (taken, true)
    }

    private var startedBytes: RawSpan {
        // Proof: a UInt8 has no padding, so every byte of the array is initialised.
        @_lifetime(borrow self)
        get { unsafe started.span.bytes }
    }

    private mutating func start(with bytes: RawSpan, of byteCount: Int) {
        let taken = take(from: bytes, upTo: byteCount)
        assert(taken == bytes.byteCount)
    }

    /// Moves bytes to `started` until it holds `byteCount` or there are no more; returns how many.
    private mutating func take(from bytes: RawSpan, upTo byteCount: Int) -> Int {
        let count = min(byteCount - started.count, bytes.byteCount)
        // Room grows with what has come, not with what the header claims: ten bytes must not cost 4 MiB.
        let needed = started.count + count
        if started.capacity < needed { started.reserveCapacity(max(needed, min(byteCount, 2 * needed))) }
        started.append(bytes.extracting(first: count))
        return count
    }

    private mutating func clearStarted() {
        started.removeAll(keepingCapacity: started.capacity <= Self.keptCapacityMax)
    }
}
