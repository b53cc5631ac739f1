import TestSupport
import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct ListenerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func failure(_ body: () throws(EventLoopError) -> Void) -> EventLoopError? {
        do throws(EventLoopError) { try body() } catch { return error }
        return nil
    }

    private func bindFailure(_ address: SocketAddress) -> EventLoopError? {
        failure { () throws(EventLoopError) in _ = try Listener.bind(address) }
    }

    @Test("a path of 107 bytes can be listened on, one of 108 is an error that says so")
    func pathLength() throws {
        let longest = folder.file(String(repeating: "x", count: 106 - folder.path.utf8.count))
        #expect(longest.utf8.count == 107)
        let socket = try Listener.bind(.unix(path: longest))
        #expect(socket.address == .unix(path: longest))
        let error = bindFailure(.unix(path: longest + "x"))
        #expect(error?.code == ENAMETOOLONG)
        #expect(error?.description.contains("(108 bytes, at most 107)") == true)
        #expect(error?.description.contains(longest) == true)
    }

    @Test("an address in use, a folder that is not there and a name instead of an address are told apart")
    func bindFailures() throws {
        let path = folder.file("socket")
        let unix = try Listener.bind(.unix(path: path))
        let tcp = try Listener.bind(.tcp(host: "127.0.0.1", port: 0))
        #expect(bindFailure(unix.address)?.isInUse == true)
        #expect(bindFailure(tcp.address)?.isInUse == true)
        #expect(bindFailure(.unix(path: folder.file("none/socket")))?.code == ENOENT)
        #expect(bindFailure(.tcp(host: "localhost", port: 0))?.code == EINVAL)
        #expect(bindFailure(unix.address)?.description.hasPrefix("listen on unix:\(path): ") == true)
    }

    @Test("the socket file of a killed daemon is removed")
    func staleSocket() throws {
        let path = folder.file("socket")
        try leaveSocketFile(at: path)
        #expect(bindFailure(.unix(path: path))?.isInUse == true)
        try Listener.removeStaleSocket(path: path)
        let socket = try Listener.bind(.unix(path: path))
        #expect(socket.address == .unix(path: path))
        try Listener.removeStaleSocket(path: folder.file("none"))
    }

    @Test("a socket that somebody listens on, and what is no socket, are left alone")
    func notStale() throws {
        let path = folder.file("socket")
        let socket = try Listener.bind(.unix(path: path))
        #expect(failure { () throws(EventLoopError) in try Listener.removeStaleSocket(path: path) }?.isInUse == true)
        let file = folder.file("file")
        close(open(file, O_CREAT | O_WRONLY, 0o600))
        #expect(failure { () throws(EventLoopError) in try Listener.removeStaleSocket(path: file) }?.isInUse == true)
        #expect(access(path, F_OK) == 0 && access(file, F_OK) == 0)
        _ = try PlainSocket(connectedTo: socket.address)
    }

    @Test("a closed listener removes its file, unless another has taken the path")
    func removesOwnFile() async throws {
        let path = folder.file("socket")
        _ = try Listener.bind(.unix(path: path))
        #expect(access(path, F_OK) != 0)
        let first = try Listener.bind(.unix(path: path))
        unlink(path)
        try leaveSocketFile(at: path)
        _ = consume first
        #expect(access(path, F_OK) == 0)
        unlink(path)
        try await withLoops(1) { loops in
            let listener = Listener(try Listener.bind(.unix(path: path)), on: loops[0]) { _ in }
            try await loops[0].call {}
            #expect(access(path, F_OK) == 0)
            listener.close()
            listener.close()
            try await loops[0].call {}
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test("the file has the mode that was asked for, whatever the umask, and the group")
    func mode() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            defer { withExtendedLifetime(folder) {} }
            for mask: mode_t in [0, 0o022, 0o077] {
                for mode: UInt32 in [0o600, 0o660, 0o666] {
                    umask(mask)
                    let path = folder.file("socket")
                    let socket = try Listener.bind(
                        .unix(path: path), ListenOptions(unixMode: mode, unixGroup: getgid()))
                    var status = stat()
                    #expect(lstat(path, &status) == 0)
                    #expect(status.st_mode & 0o777 == mode && status.st_gid == getgid())
                    _ = consume socket
                }
            }
        }
    }

    @Test("a paused listener leaves connections waiting; resumed, it takes them")
    func pauses() async throws {
        let address = SocketAddress.unix(path: folder.file("socket"))
        try await withLoops(1) { loops in
            let loop = loops[0]
            let accepted = Mailbox<Int>()
            let listener = Listener(try Listener.bind(address), on: loop) { _ in accepted.put(1) }
            listener.pause()
            try await loop.call {}
            let socket = try PlainSocket(connectedTo: address)
            try await loop.sleep(for: .milliseconds(1))
            accepted.put(0)
            listener.resume()
            let order = try await accepted.next(2)
            #expect(order == [0, 1])
            _ = consume socket
        }
    }

    @Test("a socket that listens already is taken over, its file stays; another descriptor is refused")
    func adopts() async throws {
        let path = folder.file("socket")
        let name = try SocketName(.unix(path: path), for: "test")
        let fd = socket(AF_UNIX, PlainSocket.kind, 0)
        #expect(name.withPointer { bind(fd, $0, $1) } == 0)
        #expect(failure { () throws(EventLoopError) in _ = try Listener.adopt(fd) }?.code == EINVAL)
        #expect(listen(fd, 8) == 0)
        try await withLoops(1) { loops in
            let listener = Listener(try Listener.adopt(fd), on: loops[0]) { startEcho($0, on: loops[0]) }
            #expect(listener.localAddress == .unix(path: path))
            let socket = try PlainSocket(connectedTo: listener.localAddress)
            try socket.send([1])
            #expect(try socket.receive(1) == [1])
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test("without descriptors left, connections wait, the failure is counted, and it goes on by itself")
    func outOfDescriptors() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            defer { withExtendedLifetime(folder) {} }
            let address = SocketAddress.unix(path: folder.file("socket"))
            try await withLoops(1) { loops in
                let listener = Listener(try Listener.bind(address), on: loops[0]) { startEcho($0, on: loops[0]) }
                let socket = try PlainSocket(connectedTo: address)
                try socket.send([1])
                #expect(try socket.receive(1) == [1])
                let waiting = PlainSocket(Glibc.socket(AF_UNIX, PlainSocket.kind, 0))
                var held: [Int32] = []
                while true {
                    let fd = open("/dev/null", O_RDONLY)
                    guard fd >= 0 else { break }
                    held.append(fd)
                }
                let name = try SocketName(address, for: "test")
                #expect(name.withPointer { connect(waiting.fd, $0, $1) } == 0)
                while listener.acceptFailureCount == 0 { try await loops[0].sleep(for: .milliseconds(1)) }
                try await loops[0].sleep(for: .milliseconds(5))
                #expect(listener.acceptFailureCount < 5, "it must pause, not spin")
                for fd in held { close(fd) }
                try waiting.send([2])
                #expect(try waiting.receive(1) == [2])
            }
        }
    }

    /// What a killed daemon leaves: a socket file without a listener.
    private func leaveSocketFile(at path: String) throws {
        let name = try SocketName(.unix(path: path), for: "test")
        let fd = socket(AF_UNIX, PlainSocket.kind, 0)
        defer { close(fd) }
        try #require(name.withPointer { bind(fd, $0, $1) } == 0)
    }
}
