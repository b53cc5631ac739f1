/// Too much at once, or a server that stops: the caller may come again after `retryDelay`.
struct Overload: Error, Equatable {
    enum Cause: Equatable {
        case callsOfConnection(max: Int)
        case callsOfServer(max: Int)
        case shutdown
    }

    var cause: Cause
    var retryDelay: Duration
}

extension Overload: StatusConvertible {
    var status: Status {
        var status =
            switch cause {
            case .callsOfConnection(let max):
                Status(
                    .resourceExhausted, "TOO_MANY_CALLS",
                    fr: "Plus de \(max) appels sont ouverts sur cette connexion.",
                    en: "More than \(max) calls are open on this connection.")
            case .callsOfServer(let max):
                Status(
                    .resourceExhausted, "SERVER_BUSY",
                    fr: "Le serveur traite déjà \(max) appels.",
                    en: "The server already has \(max) calls at work.")
            case .shutdown:
                Status(
                    .unavailable, "SHUTTING_DOWN",
                    fr: "Le serveur s'arrête.",
                    en: "The server is shutting down.")
            }
        status.retryDelay = retryDelay
        return status
    }
}
