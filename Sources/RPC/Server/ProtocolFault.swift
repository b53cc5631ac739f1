import Wire

/// What is wrong with a frame or its envelope; it is answered on the frame's stream, and the connection lives on.
enum ProtocolFault: Error, Equatable {
    case streamIDEven(UInt32)
    case streamIDNotIncreasing(UInt32, last: UInt32)
    case streamNotOpen(UInt32)
    /// A message after the client's last one, or beside the one of a unary request.
    case streamHalfClosed(UInt32)
    case streamingUnsupported
    case streamingRequired
    case frameTooLarge(byteCount: UInt32, max: Int)
    case envelope(EnvelopeError)
}

extension ProtocolFault: StatusConvertible {
    var status: Status {
        switch self {
        case .streamIDEven(let id):
            Status(
                .invalidArgument, "STREAM_ID_INVALID",
                fr: "Le numéro de flux \(id) est pair.",
                en: "The stream id \(id) is even.")
        case .streamIDNotIncreasing(let id, let last):
            Status(
                .invalidArgument, "STREAM_ID_INVALID",
                fr: "Le numéro de flux \(id) ne suit pas \(last).",
                en: "The stream id \(id) does not come after \(last).")
        case .streamNotOpen(let id):
            Status(
                .invalidArgument, "STREAM_NOT_OPEN",
                fr: "Le flux \(id) n'est pas ouvert.",
                en: "The stream \(id) is not open.")
        case .streamHalfClosed(let id):
            Status(
                .invalidArgument, "STREAM_HALF_CLOSED",
                fr: "Le flux \(id) ne prend plus de message.",
                en: "The stream \(id) takes no more messages.")
        case .streamingRequired:
            Status(
                .invalidArgument, "STREAMING_REQUIRED",
                fr: "Cette méthode est un flux : la demande doit porter remote closed ou remote open.",
                en: "This method is a stream: its request must carry remote closed or remote open.")
        case .streamingUnsupported:
            Status(
                .invalidArgument, "STREAMING_UNSUPPORTED",
                fr: "Cette méthode ne prend qu'un seul message.",
                en: "This method takes one message only.")
        case .frameTooLarge(let byteCount, let max):
            Status(
                .resourceExhausted, "MESSAGE_TOO_LARGE",
                fr: "Le message de \(byteCount) octets dépasse \(max).",
                en: "The message of \(byteCount) bytes is longer than \(max).")
        case .envelope(let error):
            Status(
                error.isLimit ? .resourceExhausted : .invalidArgument,
                error.isLimit ? "ENVELOPE_TOO_LARGE" : "MALFORMED_ENVELOPE",
                fr: "L'enveloppe de la demande est refusée : \(error).",
                en: "The request is refused: \(error).")
        }
    }
}
