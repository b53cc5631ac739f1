import EventLoop
import Metrics
import RPC
import TestKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The server of ours that the table is played against.
enum OurServer {
    /// The bounds that server-limits.txt asks for (Tests/Fixtures/wire/README.md, "The server under test").
    static let lowLimits: ServerLimits = {
        var limits = ServerLimits()
        limits.callsPerConnectionMax = 4
        limits.streamBufferMessagesMax = 4
        limits.streamStallTimeout = .milliseconds(300)
        limits.unsentBytesMax = 64 << 10
        limits.unsentTimeout = .milliseconds(300)
        return limits
    }()

    /// Runs `body` with the path of a server.
    static func run(
        loops loopCount: Int, _ limits: ServerLimits = ServerLimits(), _ body: (String) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let loops = try (0..<loopCount).map { try EventLoop.start(.init(name: "server-\($0)")) }
        let server = Server(
            methods: try MethodTable(ConformanceService.methods), limits: limits, loops: loops,
            metrics: MetricsRegistry(), observer: { _ in Silent() })
        let path = folder.file("socket")
        var failure: (any Error)?
        do {
            try await server.listen(on: try Listener.bind(.unix(path: path)))
            try await body(path)
        } catch {
            failure = error
        }
        await server.shutdown(grace: .zero)
        for loop in loops { loop.stop() }
        if let failure { throw failure }
    }

    private final class Silent: LoopObserver {
        func batchBegan() {}
        func batchEnded() {}
        func callEnded(_ call: ServerCall, code: StatusCode) {}
        func connectionOpened(_ connection: ServerConnection) {}
        func connectionClosed(_ connection: ServerConnection) {}
    }
}

/// The programs in Python that were written from proto/README.md.
enum PythonWitness {
    struct Missing: Error, CustomStringConvertible {
        let file: String
        let package: String
        var description: String { "\(file) is missing: apt-get install \(package)" }
    }

    private static let python = "/usr/bin/python3"
    private static let protoc = "/usr/bin/protoc"

    /// Starts a program of the folder `python`, with a path that it serves, or is controlled by.
    static func start(
        _ program: String, _ path: String, _ more: [String] = [], in folder: TemporaryFolder
    ) async throws -> ChildProcess {
        try require(python, "python3")
        try require(protoc, "protobuf-compiler")
        try require("/usr/lib/python3/dist-packages/google/protobuf/message.py", "python3-protobuf")
        let here = #filePath.split(separator: "/").dropLast()
        let sources = "/" + (here + ["python"]).joined(separator: "/")
        let root = "/" + here.dropLast(2).joined(separator: "/")
        let set = folder.file("descriptors.binpb")
        let compiled = try ChildProcess(
            protoc,
            [
                "-I\(sources)", "-I\(root)/proto", "-I\(root)/Tests/Fixtures/wire", "--include_imports",
                "--descriptor_set_out=\(set)", "envelope.proto", "conformance.proto", "cancel.proto",
                "google/rpc/status.proto", "google/rpc/error_details.proto",
            ])
        guard try await compiled.exitCode() == 0 else { throw NotCompiled(lines: compiled.lines) }
        return try ChildProcess(python, ["-B", "\(sources)/\(program)", path, set] + more)
    }

    struct NotCompiled: Error { let lines: [String] }

    private static func require(_ file: String, _ package: String) throws {
        guard access(file, R_OK) == 0 else { throw Missing(file: file, package: package) }
    }
}
