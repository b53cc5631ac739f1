import EventLoop
import Glibc

/// The sockets that a configuration asks for.
struct Listening {
    let configuration: Configuration

    /// The Unix socket, unless systemd hands one over. Called under the data lock: a socket file that nobody listens on
    /// is left over from a daemon that was killed, and removed.
    func unixSocket(environment: [String: String]) throws(StartError) -> ListeningSocket {
        if environment["LISTEN_PID"] == String(getpid()), environment["LISTEN_FDS"].flatMap(Int.init) ?? 0 > 0 {
            // systemd's sd_listen_fds(3): the first descriptor handed over is 3.
            do { return try Listener.adopt(3) } catch { throw .socket(error) }
        }
        let path = configuration.socketPath
        let group = try groupID()
        do {
            try Listener.removeStaleSocket(path: path)
            return try Listener.bind(
                .unix(path: path),
                ListenOptions(unixMode: configuration.socketMode.bits, unixGroup: group))
        } catch {
            throw .socket(error)
        }
    }

    /// The TCP socket, if one is asked for.
    ///
    /// - Parameter isSecure: whether it will be served by TLS.
    func tcpSocket(isSecure: Bool) throws(StartError) -> ListeningSocket? {
        let text = configuration.tcpAddress
        guard !text.isEmpty else { return nil }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .badAddress(text)
        }
        let host = String(text[..<colon]).trimmingBrackets
        let isLoopback = host == "::1" || host.hasPrefix("127.")
        guard isSecure || configuration.isClearTCPOnLoopbackAllowed && isLoopback else { throw .clearTCP(text) }
        do {
            return try Listener.bind(.tcp(host: host, port: port), ListenOptions())
        } catch {
            throw .socket(error)
        }
    }

    private func groupID() throws(StartError) -> UInt32? {
        let name = configuration.socketGroup
        guard !name.isEmpty else { return nil }
        guard let group = getgrnam(name) else { throw .unknownGroup(name) }
        return group.pointee.gr_gid
    }
}

extension String {
    /// "[::1]" as "::1".
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}
