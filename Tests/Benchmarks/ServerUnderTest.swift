import Glibc
import TestKit

/// A server in a process of its own that is measured: the daemon, or the reference in C.
final class ServerUnderTest {
    let folder: TemporaryFolder
    let process: ChildProcess
    let socketPath: String

    var processID: Int32 { process.processID }

    /// - Parameters:
    ///   - folder: of the data; the one of a daemon that has ended, to start it on the same database.
    ///   - countsPath: where the daemon counts its allocations and system calls; nil: nowhere.
    ///   - more: of the command line of ServeCommand.
    ///   - under: a command that starts it: a profiler's.
    init(
        daemonIn folder: TemporaryFolder? = nil, loops: Int, countsPath: String? = nil, more: [String] = [],
        under: [String] = []
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        socketPath = "\(self.folder.path)/benchmark.sock"
        var environment = ChildProcess.environment
        environment["BENCHMARK_COUNTS"] = countsPath
        let command =
            under + [
                Self.folderOfPrograms + "/Benchmarks", "serve", "--data", "\(self.folder.path)/data", "--socket",
                socketPath, "--loops", "\(loops)",
            ] + more
        process = try ChildProcess("/usr/bin/env", command, environment: environment)
    }

    /// The reference: EchoReference, beside this program.
    init(reference: Void) throws {
        folder = try TemporaryFolder()
        socketPath = "\(folder.path)/reference.sock"
        process = try ChildProcess(Self.folderOfPrograms + "/EchoReference", [socketPath])
    }

    /// Waits until it serves.
    func ready() async throws { _ = try await process.line(with: "ready") }

    /// Asks it to stop, and waits until it has.
    func stop() async throws {
        process.signal(SIGTERM)
        _ = try await process.exitCode()
    }

    private static let folderOfPrograms: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }()
}

/// What the kernel says of a process.
enum ProcessFacts {
    /// A line of /proc/PID/status in bytes: "VmRSS", "RssAnon".
    static func memory(_ name: String, of process: Int32) throws -> Int {
        let text = String(decoding: try Fixture.file("/proc/\(process)/status"), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count > 1, let kibibytes = Int(words[1]) { return kibibytes << 10 }
        }
        throw BenchmarkError("\(name) of process \(process) is not told")
    }
}

/// Something did not go as a benchmark needs it.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
