import CordeeClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where a daemon listens: the path of a socket, or `tls://HOST:PORT`.
enum DaemonAddress: Equatable {
    case unix(path: String)
    /// The host is a name or a numeric address without brackets.
    case tls(host: String, port: UInt16)

    init(_ text: String) throws(Failure) {
        guard text.hasPrefix("tls://") else {
            self = .unix(path: text)
            return
        }
        let rest = text.dropFirst("tls://".count)
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else {
            throw Self.malformed(text)
        }
        var host = rest[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw Self.malformed(text)
        }
        guard !host.isEmpty, !host.contains(where: { "/@ ".contains($0) }) else { throw Self.malformed(text) }
        self = .tls(host: String(host), port: port)
    }

    private static func malformed(_ text: String) -> Failure {
        .usage(Texts.wrongValue("--socket", text, expected: "tls://host:port, tls://[::1]:port"))
    }

    /// The numeric addresses of a host, in the order in which to try them (RFC 6724), and what the system says when there
    /// is none. "localhost" is this machine, whether a file says so or not (RFC 6761 §6.3).
    static func look(up host: String, port: UInt16) -> (addresses: [CordeeClient.Address], detail: String) {
        if host.lowercased() == "localhost" {
            return (["127.0.0.1", "::1"].map { .tcp(host: $0, port: port) }, "")
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else { return ([], "\(host): \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(found) }
        var addresses: [CordeeClient.Address] = []
        var next = found
        while let entry = next?.pointee {
            next = entry.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let numeric = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            addresses.append(.tcp(host: numeric, port: port))
        }
        return (addresses, "\(host): no address")
    }
}
