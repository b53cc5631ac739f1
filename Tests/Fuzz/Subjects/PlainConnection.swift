import Wire

/// What becomes of a frame.
enum FrameOutcome: Equatable {
    case opened(UInt32)
    case refused(UInt32)
    case notOpen(UInt32)
    case ignored
    case stream(UInt32, StreamState.Action)
}

/// The rules of proto/README.md once more, as facts that are kept of each stream instead of states.
struct PlainConnection {
    private struct Stream {
        let isUnary: Bool
        var clientIsDone: Bool
    }

    private var streams: [UInt32: Stream] = [:]
    private var last: UInt32 = 0

    mutating func outcome(_ header: FrameHeader, isOversize: Bool) -> FrameOutcome {
        let (closes, opens, hasNoData) = (header.flags & 1 != 0, header.flags & 2 != 0, header.flags & 4 != 0)
        let id = header.streamID
        if header.type == 1 {
            guard id % 2 == 1, id > last else { return .refused(id) }
            last = id
            guard !isOversize else { return .refused(id) }
            streams[id] = Stream(isUnary: !closes && !opens, clientIsDone: closes)
            return .opened(id)
        }
        guard header.type == 3 || FrameSubject.ownFrames.contains(header.type) else { return .ignored }
        guard let stream = streams[id] else { return header.type == 3 ? .notOpen(id) : .ignored }
        if header.type == FrameSubject.ownResponse { return over(id, .answer) }
        if header.type == FrameSubject.ownEnd || isOversize { return over(id, .drop) }
        if stream.isUnary { return over(id, .violation) }
        if header.type == 3, stream.clientIsDone { return over(id, .violation) }
        if hasNoData, !closes { return .stream(id, .ignore) }
        if closes {
            if header.type == 3 { streams[id]?.clientIsDone = true } else { streams[id] = nil }
        }
        return .stream(id, .pass(message: !hasNoData, end: closes))
    }

    private mutating func over(_ id: UInt32, _ action: StreamState.Action) -> FrameOutcome {
        streams[id] = nil
        return .stream(id, action)
    }
}
