import RPC

/// Which daemon to call, as whom, and for how long.
struct ConnectionTarget: Sendable, Equatable {
    /// As `DaemonAddress` reads it.
    let socket: String
    let trust: TrustFiles
    /// The bearer token; nil to be known by the user id of the process alone.
    let token: String?
    let language: Language
    /// For each call; nil leaves it to the daemon.
    let timeout: Duration?
}

/// The files of a connection over TLS, each in PEM.
struct TrustFiles: Sendable, Equatable {
    /// Who may sign the daemon's certificate; nil: whom the system trusts.
    var authorities: String?
    /// The client's own; with its key or not at all.
    var certificate: String?
    var key: String?
}
