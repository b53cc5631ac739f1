import RPC

/// Which daemon to call, as whom, and for how long.
struct ConnectionTarget: Sendable, Equatable {
    let socket: String
    /// The bearer token; nil to be known by the user id of the process alone.
    let token: String?
    let language: Language
    /// For each call; nil leaves it to the daemon.
    let timeout: Duration?
}
