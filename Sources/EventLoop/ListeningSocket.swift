#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How to listen.
public struct ListenOptions: Sendable {
    /// How many connections the kernel keeps for us before it refuses more; it caps this at `net.core.somaxconn`.
    public var backlog: Int32
    /// Who may connect to a Unix socket: its file's permission bits.
    public var unixMode: UInt32
    /// The group of a Unix socket's file; nil leaves the process's own.
    public var unixGroup: UInt32?

    public init(backlog: Int32 = 1_024, unixMode: UInt32 = 0o660, unixGroup: UInt32? = nil) {
        (self.backlog, self.unixMode, self.unixGroup) = (backlog, unixMode, unixGroup)
    }
}

/// A socket that listens but is not watched yet. Dropping it closes it, and removes the file that its bind made.
public struct ListeningSocket: ~Copyable, Sendable {
    public let fd: Int32
    /// With the real port when 0 was asked.
    public let address: SocketAddress
    /// The file that bind made, so that only this one is removed; nil for TCP and for an adopted socket.
    private let file: SocketFile?

    fileprivate init(fd: Int32, address: SocketAddress, file: SocketFile?) {
        (self.fd, self.address, self.file) = (fd, address, file)
    }

    deinit {
        file?.remove()
        close(fd)
    }
}

extension Listener {
    /// Opens a socket that listens on `address`.
    ///
    /// A file that is already at a Unix path is left alone and makes this fail: see `removeStaleSocket`.
    ///
    /// - Throws: path too long, address in use (`isInUse`), no permission…, each naming the address.
    public static func bind(
        _ address: SocketAddress, _ options: ListenOptions = ListenOptions()
    ) throws(EventLoopError) -> ListeningSocket {
        let name = try SocketName(address, for: "listen on")
        let fd = socket(name.family, SocketType.stream, 0)
        guard fd >= 0 else { throw failure(address) }
        let holder = AcceptedSocket(owning: fd)  // closes it on each way out but the last
        var file: SocketFile?
        switch address {
        case .unix(let path): file = try bindFile(holder.fd, name, path, options)
        case .tcp:
            // Each address is what it says: [::] does not take IPv4 as well.
            let isReady =
                setOption(fd, SOL_SOCKET, SO_REUSEADDR)
                && (name.family != AF_INET6 || setOption(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY))
            guard isReady, bindSocket(fd, name) else { throw failure(address) }
        }
        let bound = ListeningSocket(
            fd: holder.release(), address: SocketName(of: fd)?.address ?? address, file: file)
        guard listen(fd, options.backlog) == 0 else { throw failure(address) }
        return bound
    }

    /// Binds to a path and gives the file its mode and group.
    ///
    /// Linux makes the file with the socket's own mode less the umask, so that it is never wider than asked for;
    /// changing the process's umask around bind would also change what other threads create meanwhile. What the umask
    /// took away is given back after; nobody can connect yet, since that needs `listen`.
    private static func bindFile(
        _ fd: Int32, _ name: SocketName, _ path: String, _ options: ListenOptions
    ) throws(EventLoopError) -> SocketFile? {
        let mode = options.unixMode & 0o777
        guard fchmod(fd, mode) == 0, bindSocket(fd, name) else { throw failure(.unix(path: path)) }
        let file = SocketFile(path: path)
        let sameUser = uid_t.max  // chown(2): -1 changes nothing
        guard options.unixGroup.map({ unsafe lchown(path, sameUser, $0) == 0 }) ?? true, unsafe chmod(path, mode) == 0
        else {
            let failure = failure(.unix(path: path))
            file?.remove()
            throw failure
        }
        return file
    }

    /// What errno says of the last call.
    private static func failure(_ address: SocketAddress) -> EventLoopError {
        EventLoopError(operation: "listen on", code: errno, detail: address.description)
    }

    /// Takes over a socket that listens already: one that systemd opened (socket activation). Its file stays.
    ///
    /// - Throws: `fd` is not a listening Unix or TCP socket; it is then still the caller's.
    public static func adopt(_ fd: Int32) throws(EventLoopError) -> ListeningSocket {
        var accepts: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        func failure(_ code: Int32) -> EventLoopError {
            EventLoopError(operation: "adopt", code: code, detail: "descriptor \(fd)")
        }
        guard unsafe getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &length) == 0 else { throw failure(errno) }
        guard accepts == 1, let address = SocketName(of: fd)?.address else { throw failure(EINVAL) }
        let flags = fcntl(fd, F_GETFL)
        guard flags >= 0, fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0, fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 else {
            throw failure(errno)
        }
        return ListeningSocket(fd: fd, address: address, file: nil)
    }

    private static func setOption(_ fd: Int32, _ level: Int32, _ option: Int32) -> Bool {
        var on: Int32 = 1
        return unsafe setsockopt(fd, level, option, &on, socklen_t(MemoryLayout<Int32>.size)) == 0
    }
}

/// Outside the type, whose own `bind` would hide the C function.
private func bindSocket(_ fd: Int32, _ name: SocketName) -> Bool {
    unsafe name.withPointer { unsafe bind(fd, $0, $1) } == 0
}
