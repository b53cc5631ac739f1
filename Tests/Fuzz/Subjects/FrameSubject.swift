@testable import RPC
import Wire

/// Any bytes in any pieces give the frames and the answers that they give in one piece, and those that a plain reading
/// of the whole gives.
///
/// The last byte of an input is none of the connection's: it says how the rest is cut, and how long data may be.
struct FrameSubject {
    private struct Step: Equatable {
        var event: FrameDecoder.Event
        var header: FrameHeader
        var data: [UInt8]
        var action: ConnectionState.Action
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
        var steps: [Step] = []
        var (given, consumed) = (0, 0)
        for piece in pieces {
            given += piece
            while consumed < given {
                let before = steps.count
                let taken = decoder.decode(bytes[consumed..<given].span.bytes, framesMax: framesMax) {
                    event, header, data in
                    let action = state.received(event, header)
                    steps.append(Step(event: event, header: header, data: data.array, action: action))
                }
                consumed += taken
                try Finding.unless(taken > 0 && steps.count - before <= framesMax, "a call moves on, within its bound")
                try Finding.unless(
                    decoder.bufferedByteCount < FrameHeader.byteCount + max(dataBytesMax, 1), "holds more than a frame")
            }
        }
        return steps
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
