#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file of a Unix socket, by path and by what it is, so that a later one at the same path is told apart.
struct SocketFile: Sendable, Equatable {
    let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Nil when there is no socket at `path`; a symbolic link is not followed.
    init?(path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        (self.path, device, inode) = (path, status.st_dev, status.st_ino)
    }

    /// Removes the file if it is still the same one.
    func remove() {
        guard SocketFile(path: path) == self else { return }
        unsafe unlink(path)
    }
}

extension Listener {
    /// Removes the socket file of a daemon that was killed; nothing to do when there is no file.
    ///
    /// To be called while the lock of the data folder is held: between the look and the removal another daemon could
    /// start otherwise.
    ///
    /// - Throws: `isInUse` when somebody listens there, or when it is not a socket; the errno when it cannot be known.
    public static func removeStaleSocket(path: String) throws(EventLoopError) {
        let name = try SocketName(.unix(path: path), for: "look at")
        func failure(_ code: Int32, _ why: String = "") -> EventLoopError {
            EventLoopError(operation: "listen on", code: code, detail: "unix:\(path)\(why)")
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw failure(errno)
        }
        guard let file = SocketFile(path: path) else { throw failure(EADDRINUSE, " (a file that is not a socket)") }
        let probe = socket(AF_UNIX, SocketType.stream, 0)
        guard probe >= 0 else { throw failure(errno) }
        let holder = AcceptedSocket(owning: probe)  // closes it
        let code = unsafe name.withPointer { unsafe connect(holder.fd, $0, $1) } == 0 ? 0 : errno
        switch code {
        case ECONNREFUSED: file.remove()
        case ENOENT: return
        case 0, EAGAIN: throw failure(EADDRINUSE, " (somebody listens there)")  // EAGAIN: its backlog is full
        case EPROTOTYPE: throw failure(EADDRINUSE, " (a socket of another type)")
        default: throw failure(code)
        }
    }
}
