#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Threading

/// A Unix socket that a test reads and writes by system calls, so that nothing of ours stands between.
///
/// Its calls wait: they belong on a thread of their own, see `onThread`.
final class RawSocket {
    enum Failure: Error, Equatable {
        case system(String, Int32)
        case tookTooLong(String)
        /// The peer has closed the connection where more was expected.
        case ended
    }

    /// For everything; nothing that passes takes as long.
    private static let limit: Int32 = 60_000

    private let handle: Int32
    private var inbound: [UInt8] = []

    private init(_ handle: Int32) { self.handle = handle }

    deinit {
        // A process that another test starts may have got a copy: the connection must end all the same.
        shut()
        close(handle)
    }

    static func connect(to path: String) throws -> RawSocket {
        let socket = try make()
        try withAddress(path) { address, length in
            guard connectSocket(socket.handle, address, length) == 0 else { throw Failure.system("connect", errno) }
        }
        return socket
    }

    static func listen(at path: String) throws -> RawSocket {
        let socket = try make()
        try withAddress(path) { address, length in
            guard bindSocket(socket.handle, address, length) == 0 else { throw Failure.system("bind", errno) }
        }
        guard listenSocket(socket.handle, 8) == 0 else { throw Failure.system("listen", errno) }
        return socket
    }

    func accept() throws -> RawSocket {
        try wait(POLLIN, "a connection")
        let accepted = acceptSocket(handle)
        guard accepted >= 0 else { throw Failure.system("accept", errno) }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return RawSocket(accepted)
    }

    /// The same connection for another thread, that reads while this one writes.
    func duplicate() throws -> sending RawSocket {
        let copy = fcntl(handle, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw Failure.system("dup", errno) }
        return RawSocket(copy)
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(POLLOUT, "room to write")
            let count = rest.withUnsafeBytes {
                send(handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count >= 0 || errno == EAGAIN else { throw Failure.system("send", errno) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// The next frame; nil at the end of the connection.
    func frame() throws -> Frame? {
        while true {
            if let frame = Frame(startOf: inbound) {
                inbound.removeFirst(frame.bytes.count)
                return frame
            }
            guard try more() else { return nil }
        }
    }

    /// The next line of text; nil at the end.
    func line() throws -> String? {
        while true {
            if let end = inbound.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: inbound[..<end], as: UTF8.self)
                inbound.removeFirst(end + 1)
                return line
            }
            guard try more() else { return nil }
        }
    }

    /// Ends the connection both ways.
    func shut() { shutdown(handle, Int32(SHUT_RDWR)) }

    /// Waits until the peer has closed, without reading.
    func waitForHangUp() throws { try wait(0, "the peer to close") }

    private func more() throws -> Bool {
        try wait(POLLIN, "bytes")
        var part = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(handle, &part, part.count, 0)
        if count < 0, errno != ECONNRESET { throw Failure.system("recv", errno) }
        guard count > 0 else { return false }
        inbound += part[..<count]
        return true
    }

    private func wait(_ event: Int32, _ what: String) throws {
        var watched = pollfd(fd: handle, events: Int16(event), revents: 0)
        switch poll(&watched, 1, Self.limit) {
        case 0: throw Failure.tookTooLong(what)
        case let count where count < 0: throw Failure.system("poll", errno)
        default: break
        }
    }

    private static func make() throws -> RawSocket {
        let handle = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard handle >= 0 else { throw Failure.system("socket", errno) }
        return RawSocket(handle)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
    ) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        try withUnsafePointer(to: &address) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

// The system's names, which those of the class hide.
private func connectSocket(_ handle: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    connect(handle, address, length)
}
private func bindSocket(_ handle: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    bind(handle, address, length)
}
private func listenSocket(_ handle: Int32, _ waiting: Int32) -> Int32 { listen(handle, waiting) }
private func acceptSocket(_ handle: Int32) -> Int32 { accept(handle, nil, nil) }

/// Runs what waits on a thread of its own, so that no task of the tests is held up.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    var thread: Thread?
    let result = await withCheckedContinuation { (done: CheckedContinuation<Result<Value, any Error>, Never>) in
        do {
            thread = try Thread.start(name: "wire-row") { done.resume(returning: Result { try body() }) }
        } catch {
            done.resume(returning: .failure(error))
        }
    }
    thread.take()?.join()
    return try result.get()
}
