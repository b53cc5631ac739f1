import EventLoop
import ModuleKit
import RPC
import Store

/// The error that a caller is told for what a handler or the machinery around it threw.
///
/// What the caller can do something about gets a status; all else stays as it is and ends as INTERNAL.
func failure(_ error: any Error) -> any Error {
    switch error {
    case let error as StoreError: failure(store: error)
    case WorkerPoolError.full: Status.overloaded
    default: error
    }
}

private func failure(store error: StoreError) -> any Error {
    switch error {
    case .overloaded: Status.overloaded
    case .cancelled: CancellationError()
    case .closed:
        Status(
            .unavailable, "SHUTTING_DOWN",
            fr: "Le service s'arrête.", en: "The service is stopping.", retryDelay: .seconds(1))
    case .full:
        Status(
            .unavailable, "STORE_FULL",
            fr: "Le disque est plein : rien n'a été enregistré.", en: "The disk is full: nothing was written.",
            retryDelay: .seconds(30))
    case .io, .busy, .outOfMemory:
        Status(
            .unavailable, "STORE_FAILING",
            fr: "Le stockage est en panne : rien n'a été enregistré.", en: "The store fails: nothing was written.",
            retryDelay: .seconds(5))
    case .commitUnknown:
        Status(
            .unknown, "COMMIT_UNKNOWN",
            fr: "On ne sait pas si l'écriture a été conservée : vérifiez avant de recommencer.",
            en: "Whether the write was kept is not known: look before you repeat it.")
    case .budget:
        Status(
            .resourceExhausted, "WRITE_TOO_LONG",
            fr: "L'écriture a pris trop de temps : rien n'a été enregistré.",
            en: "The write took too long: nothing was written.")
    case .timeLimit:
        Status(
            .resourceExhausted, "REPORT_TOO_LONG",
            fr: "La recherche a pris trop de temps.", en: "The query took too long.")
    default: error
    }
}

extension Status {
    static let overloaded = Status(
        .resourceExhausted, "OVERLOADED",
        fr: "Le service est surchargé.", en: "The service is overloaded.", retryDelay: .milliseconds(100))
}
