/// Why the runtime itself ends a call with an error.
enum CallFault: Error, Equatable {
    case unknownService(String)
    case unknownMethod(service: String, name: String)
    case contentType
    case malformedPayload(what: String)
    case deadlineExceeded
    case cancelled
    case answerTooLarge(byteCount: Int, max: Int)
    case answerUnencodable
    /// Anything that no caller should see: they get the call's id alone.
    case `internal`(callID: String)
}

extension CallFault: StatusConvertible {
    var status: Status {
        switch self {
        case .unknownService(let service):
            Status(
                .unimplemented, "UNKNOWN_SERVICE",
                fr: "Le service « \(service) » n'existe pas.",
                en: "There is no service \"\(service)\".")
        case .unknownMethod(let service, let name):
            Status(
                .unimplemented, "UNKNOWN_METHOD",
                fr: "Le service « \(service) » n'a pas de méthode « \(name) ».",
                en: "The service \"\(service)\" has no method \"\(name)\".")
        case .contentType:
            Status(
                .invalidArgument, "CONTENT_TYPE_UNSUPPORTED",
                fr: "La métadonnée content-type doit être application/protobuf ou application/json.",
                en: "The metadata content-type must be application/protobuf or application/json.")
        case .malformedPayload(let what):
            Status(
                .invalidArgument, "MALFORMED_PAYLOAD",
                fr: "Le message ne se lit pas : \(what)",
                en: "The message cannot be read: \(what)")
        case .deadlineExceeded:
            Status(
                .deadlineExceeded, "DEADLINE_EXCEEDED",
                fr: "Le délai de l'appel est écoulé.",
                en: "The call's deadline has passed.")
        case .cancelled:
            Status(.cancelled, "CANCELLED", fr: "L'appel est annulé.", en: "The call was cancelled.")
        case .answerTooLarge(let byteCount, let max):
            Status(
                .resourceExhausted, "ANSWER_TOO_LARGE",
                fr: "La réponse de \(byteCount) octets dépasse \(max).",
                en: "The answer of \(byteCount) bytes is longer than \(max).")
        case .answerUnencodable:
            Status(
                .internal, "ANSWER_UNENCODABLE",
                fr: "La réponse ne peut pas s'écrire dans ce format.",
                en: "The answer cannot be written in this format.")
        case .internal(let callID):
            Status(
                .internal, "INTERNAL",
                fr: "Erreur interne ; appel \(callID).",
                en: "Internal error; call \(callID).")
        }
    }
}
