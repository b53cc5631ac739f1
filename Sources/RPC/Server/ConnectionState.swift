import Wire

/// What a connection does with each frame, by the rules of the protocol alone: no socket, no clock (DESIGN §2).
struct ConnectionState {
    /// What is to be done with a frame.
    enum Action: Equatable {
        /// A request: read its envelope. Its flags say what may follow.
        case open(streamID: UInt32, StreamState)
        /// A message of a stream, which may be open or not.
        case data(streamID: UInt32)
        /// Answer the stream with an error; the connection lives on.
        case refuse(streamID: UInt32, ProtocolFault)
        /// A frame of a kind that this version does not know.
        case ignore
    }

    /// The largest id that the client has opened a stream with; ids strictly increase.
    private(set) var lastStreamID: UInt32 = 0
    private let messageBytesMax: Int

    init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

    mutating func received(_ event: FrameDecoder.Event, _ header: FrameHeader) -> Action {
        switch (header.frameType, event) {
        case (.request, .frame): request(header)
        case (.request, .oversize): oversizeRequest(header)
        case (.data, .frame), (.data, .oversize): .data(streamID: header.streamID)
        // A response goes from server to client only: one that comes in belongs to no stream of ours.
        case (.response, .frame), (.response, .oversize): .ignore
        case (nil, .frame), (nil, .oversize): .ignore
        }
    }

    private mutating func request(_ header: FrameHeader) -> Action {
        if let fault = take(header.streamID) { return .refuse(streamID: header.streamID, fault) }
        return .open(streamID: header.streamID, StreamState(requestFlags: header.frameFlags))
    }

    private mutating func oversizeRequest(_ header: FrameHeader) -> Action {
        let fault = take(header.streamID)
        return .refuse(
            streamID: header.streamID, fault ?? .frameTooLarge(byteCount: header.dataByteCount, max: messageBytesMax))
    }

    /// Checks a new stream's id and remembers it.
    private mutating func take(_ id: UInt32) -> ProtocolFault? {
        guard id & 1 == 1 else { return .streamIDEven(id) }
        guard id > lastStreamID else { return .streamIDNotIncreasing(id, last: lastStreamID) }
        lastStreamID = id
        return nil
    }
}
