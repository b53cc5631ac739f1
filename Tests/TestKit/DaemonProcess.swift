#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
public import EventLoop
import RPC

/// The `cordeed` of this build as a process of its own, on a socket and a data folder of its own.
public final class DaemonProcess: Sendable {
    public let folder: TemporaryFolder
    public let process: ChildProcess

    public var socketPath: String { "\(folder.path)/cordee.sock" }
    public var dataFolder: String { "\(folder.path)/data" }

    /// - Parameters:
    ///   - folder: of the socket and the data; the one of a daemon that has ended, to start it again.
    ///   - settings: keys of the configuration with their values; over those of the socket and the data.
    public init(in folder: TemporaryFolder? = nil, settings: [String: String] = [:], arguments: [String] = []) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        // A write's time is measured on the wall, and a run of all tests has dozens of daemons on few cores.
        var all = [
            "daemon.data": "\(folder.path)/data", "listen.socket": "\(folder.path)/cordee.sock", "daemon.loops": "2",
            "store.body_budget": "1m",
        ]
        all.merge(settings) { $1 }
        let flags = all.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
        process = try ChildProcess(Self.program, flags + arguments)
    }

    /// Starts one and waits until it serves.
    public static func serving(
        in folder: TemporaryFolder? = nil, settings: [String: String] = [:]
    ) async throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: folder, settings: settings)
        try await daemon.ready()
        return daemon
    }

    /// Waits until it serves.
    ///
    /// - Throws: `ChildProcess.Ended`, with what it said, if it ends instead.
    public func ready() async throws { _ = try await process.line(with: " notice ready") }

    /// A connection of its own to the daemon.
    public func client(token: String? = nil, language: String? = nil) async throws -> TestClient {
        TestClient(try await connect(to: .unix(path: socketPath)), token: token, language: language)
    }

    /// A connection over TCP: of nobody, since no user id stands behind it.
    ///
    /// - Parameter layer: put on it, as TLS is.
    public func tcpClient(through layer: @escaping TransportLayer = { $0 }) async throws -> TestClient {
        let address = SocketAddress.tcp(host: "127.0.0.1", port: try await tcpPort())
        return TestClient(try await connect(to: address, through: layer), token: nil, language: nil)
    }

    /// Where it listens on 127.0.0.1.
    public func tcpPort() async throws -> UInt16 {
        let line = try await process.line(with: "tcp:127.0.0.1:")
        let digits = line.split(separator: "tcp:127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
        guard let port = UInt16(digits) else { throw Patience.Exhausted(fact: "a TCP port in \(line)") }
        return port
    }

    private func connect(
        to address: SocketAddress, through layer: @escaping TransportLayer = { $0 }
    ) async throws -> Client {
        var options = ClientOptions(connectTimeout: Patience.limit)
        // One connection: what becomes of it is what the tests look at.
        options.reconnects = false
        return try await Client.connect(to: address, on: Patience.loop, options: options, through: layer)
    }

    /// Asks it to stop, and waits for its exit code.
    @discardableResult
    public func terminate() async throws -> Int32 {
        process.signal(SIGTERM)
        return try await process.exitCode()
    }

    /// Ends it at once, as a loss of power would, and waits until it is gone.
    public func kill() async throws {
        process.signal(SIGKILL)
        _ = try await process.exitCode()
    }

    /// `cordeed`, beside the test runner, where the build puts all programs of the package.
    public static let program: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let runner = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The runner may be a helper of the toolchain with the tests as a library: then an argument leads there.
        for candidate in [runner] + CommandLine.arguments {
            guard let slash = candidate.lastIndex(of: "/") else { continue }
            let path = candidate[..<slash] + "/cordeed"
            if access(String(path), X_OK) == 0 { return String(path) }
        }
        return "cordeed"
    }()
}
