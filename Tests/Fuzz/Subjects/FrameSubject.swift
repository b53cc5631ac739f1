@testable import RPC
import Wire

/// Any bytes in any pieces give the frames, and do to the streams, what they do in one piece, and what a plain reading
/// of the whole gives.
///
/// The last byte of an input is none of the connection's: it says how the rest is cut, and how long data may be. Frames
/// of three unknown types stand for what this end does with a stream at that time.
struct FrameSubject {
    static let ownResponse: UInt8 = 0x42
    static let ownData: UInt8 = 0x43
    static let ownEnd: UInt8 = 0x44
    static let ownFrames = ownResponse...ownEnd

    private struct Step: Equatable {
        var event: FrameDecoder.Event
        var header: FrameHeader
        var data: [UInt8]
        var action: ConnectionState.Action
        var outcome: FrameOutcome
    }

    private let bytes: [UInt8]
    private let cut: UInt8
    private let dataBytesMax: Int

    init(_ input: [UInt8]) {
        bytes = Array(input.dropLast())
        cut = input.last ?? 0
        // Short bounds too, so that short inputs meet both sides of them.
        dataBytesMax = [0, 7, 64, 4096][Int(cut & 3)]
    }

    func run() throws {
        let whole = try steps(pieces: [bytes.count], framesMax: .max)
        try Finding.unless(whole.map(\.event) == expected().map(\.event), "events of one piece")
        try Finding.unless(whole.map(\.data) == expected().map(\.data), "data of one piece")
        try Finding.unless(whole.map(\.header) == expected().map(\.header), "headers of one piece")
        try checkIDs(whole)
        try checkStreams(whole)
        try Finding.unless(steps(pieces: pieces, framesMax: Int(cut >> 6) + 1) == whole, "pieces \(pieces)")
        try Finding.unless(
            steps(pieces: Array(repeating: 1, count: bytes.count), framesMax: 1) == whole, "byte by byte")
    }

    /// Lengths from 1 on, by a short linear congruence that begins with `cut`.
    private var pieces: [Int] {
        var pieces: [Int] = []
        var state = UInt32(cut >> 2) + 1
        var rest = bytes.count
        while rest > 0 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let piece = min(rest, Int(state >> 24) % (2 << Int(state >> 29)) + 1)
            pieces.append(piece)
            rest -= piece
        }
        return pieces
    }

    /// Feeds the decoder as a connection does: what was not consumed is given again before newer bytes.
    private func steps(pieces: [Int], framesMax: Int) throws -> [Step] {
        var decoder = FrameDecoder(dataBytesMax: dataBytesMax)
        var state = ConnectionState(messageBytesMax: dataBytesMax)
        var streams: [UInt32: StreamState] = [:]
        var steps: [Step] = []
        var (given, consumed) = (0, 0)
        for piece in pieces {
            given += piece
            while consumed < given {
                let before = steps.count
                let taken = decoder.decode(bytes[consumed..<given].span.bytes, framesMax: framesMax) {
                    event, header, data in
                    let action = state.received(event, header)
                    let outcome = Self.outcome(of: action, event, header, &streams)
                    steps.append(
                        Step(event: event, header: header, data: data.array, action: action, outcome: outcome))
                }
                consumed += taken
                try Finding.unless(taken > 0 && steps.count - before <= framesMax, "a call moves on, within its bound")
                try Finding.unless(
                    decoder.bufferedByteCount < FrameHeader.byteCount + max(dataBytesMax, 1), "holds more than a frame")
            }
        }
        return steps
    }

    /// Does to the streams what a connection does with a frame.
    private static func outcome(
        of action: ConnectionState.Action, _ event: FrameDecoder.Event, _ header: FrameHeader,
        _ streams: inout [UInt32: StreamState]
    ) -> FrameOutcome {
        let content = StreamState.Content(header.frameFlags)
        switch action {
        case .refuse(let id, _): return .refused(id)
        case .open(let id, let stream):
            streams[id] = stream
            return .opened(id)
        case .data(let id):
            guard streams[id] != nil else { return .notOpen(id) }
            return apply(event == .oversize ? .giveUp : .data(.client, content), id, &streams)
        case .ignore:
            guard ownFrames.contains(header.type), streams[header.streamID] != nil else { return .ignored }
            let own: StreamState.Event =
                header.type == ownResponse
                ? .response : header.type == ownEnd || event == .oversize ? .giveUp : .data(.server, content)
            return apply(own, header.streamID, &streams)
        }
    }

    private static func apply(
        _ event: StreamState.Event, _ id: UInt32, _ streams: inout [UInt32: StreamState]
    ) -> FrameOutcome {
        guard var stream = streams[id] else { return .notOpen(id) }
        let action = stream.apply(event)
        // Whatever is said to a stream that is over, it stays so and says nothing.
        var over = stream
        if over == .finished, over.apply(event) != .ignore || over != .finished { return .ignored }
        streams[id] = stream == .finished ? nil : stream
        return .stream(id, action)
    }

    private func checkStreams(_ steps: [Step]) throws {
        var plain = PlainConnection()
        for step in steps {
            let expected = plain.outcome(step.header, isOversize: step.event == .oversize)
            try Finding.unless(step.outcome == expected, "\(step.header): \(step.outcome), not \(expected)")
        }
    }

    /// The frames by the definition of the format, out of the whole.
    private func expected() -> [(event: FrameDecoder.Event, header: FrameHeader, data: [UInt8])] {
        var found: [(event: FrameDecoder.Event, header: FrameHeader, data: [UInt8])] = []
        var rest = bytes[...]
        while let header = FrameHeader(rest.span.bytes) {
            rest = rest.dropFirst(FrameHeader.byteCount)
            let byteCount = Int(header.dataByteCount)
            if byteCount > dataBytesMax {
                found.append((.oversize, header, []))
            } else if rest.count >= byteCount {
                found.append((.frame, header, Array(rest.prefix(byteCount))))
            } else {
                break
            }
            rest = rest.dropFirst(byteCount)
        }
        return found
    }

    /// Whatever came, the ids of streams that are opened are odd and rise.
    private func checkIDs(_ steps: [Step]) throws {
        var last: UInt32 = 0
        for case .open(let id, _) in steps.map(\.action) {
            try Finding.unless(id > last && id & 1 == 1, "opens \(id) after \(last)")
            last = id
        }
    }
}

extension RawSpan {
    /// A copy.
    var array: [UInt8] { withUnsafeBytes { Array($0) } }
}
