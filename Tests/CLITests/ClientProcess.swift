import TestSupport
import Testing

@testable import CordeeCLI

#if canImport(Glibc)
    import Glibc
#endif

/// The built `cordee` as a process of its own.
enum ClientProcess {
    struct Result: Sendable {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    struct Failed: Error { let code: Int32 }

    /// Beside the test runner, where the build puts all programs of the package.
    static let program: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let runner = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The runner may be swiftpm's helper with the tests as a library: then the first argument that is a path of
        // the build leads there.
        let candidates = [runner] + CommandLine.arguments
        for candidate in candidates {
            guard let slash = candidate.lastIndex(of: "/") else { continue }
            let path = candidate[..<slash] + "/cordee"
            if access(String(path), X_OK) == 0 { return String(path) }
        }
        return "cordee"
    }()

    /// Runs it to its end with these arguments and this environment alone.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", output: String? = nil,
        in folder: TemporaryFolder
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            // The wait for a process blocks: not on a thread of the pool, which the other tests run on.
            let wait = Wait {
                continuation.resume(with: Swift.Result { try spawn(arguments, environment, input, output, folder) })
            }
            wait.start()
        }
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ input: String, _ output: String?,
        _ folder: TemporaryFolder
    ) throws -> Result {
        let scratch = try folder.makeFolder("run-\(UInt64.random(in: 0 ... .max))")
        let names = (input: scratch + "/in", output: output ?? scratch + "/out", errors: scratch + "/err")
        let file = try #require(fopen(names.input, "w"))
        fputs(input, file)
        fclose(file)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, names.input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, names.output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, names.errors, O_WRONLY | O_CREAT, 0o600)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, nil, words, variables)
        guard code == 0 else { throw Failed(code: code) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw Failed(code: errno) }
        }
        // Ended by a signal: 128 and its number, as shells tell it.
        let exitCode = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        return Result(
            exitCode: exitCode,
            output: output == nil ? String(decoding: try ArgumentFiles.content(of: names.output), as: UTF8.self) : "",
            errors: String(decoding: try ArgumentFiles.content(of: names.errors), as: UTF8.self))
    }

    /// A thread that runs one function.
    private final class Wait: Sendable {
        private let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }

        func start() {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(self).toOpaque()
            let code = pthread_create(&thread, nil, runWait, context)
            precondition(code == 0, "a test machine has room for a thread")
            pthread_detach(thread)
        }

        func call() { body() }

        static func run(_ context: UnsafeMutableRawPointer) {
            Unmanaged<Wait>.fromOpaque(context).takeRetainedValue().call()
        }
    }

    fileprivate static func runWaiting(_ context: UnsafeMutableRawPointer) { Wait.run(context) }
}

private func runWait(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { ClientProcess.runWaiting(context) }
    return nil
}
