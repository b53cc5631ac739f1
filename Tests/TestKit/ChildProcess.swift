#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Threading

/// A program that runs beside the tests. Its standard error, and output if asked for, is read line by line.
///
/// It is killed, by its id, when nobody holds it any more.
public final class ChildProcess: Sendable {
    public struct NotStarted: Error {
        public let program: String
        public let code: Int32
    }

    public struct SecretInArguments: Error {
        public let program: String
    }

    public let processID: Int32
    private let record: ProcessRecord

    /// - Parameters:
    ///   - environment: all of it.
    ///   - readsOutput: standard output is read as lines too; else it is dropped.
    ///   - mayShowSecrets: whether a token is what it is asked for. Of each other process, one that writes an access token
    ///     fails the test that waits for it, and the run.
    /// - Throws: `SecretInArguments` for a command line that anybody of the machine could read a token from.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = ChildProcess.environment,
        readsOutput: Bool = false, mayShowSecrets: Bool = false
    ) throws {
        guard !arguments.contains(where: SecretScan.holdsToken) else { throw SecretInArguments(program: program) }
        // A pair of sockets, since it can be made with close-on-exec at once: a pipe could leak into a process that
        // another test starts at the same moment, and would not end with this one.
        var pair: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw NotStarted(program: program, code: errno) }
        defer { close(pair[1]) }
        do {
            processID = try Self.spawn(program, arguments, environment, errors: pair[1], output: readsOutput)
        } catch {
            close(pair[0])
            throw error
        }
        record = ProcessRecord(processID, mayShowSecrets: mayShowSecrets)
        let (record, input) = (record, pair[0])
        // Joined by nobody: it ends with the process.
        _ = try Thread.start(name: "lines") { record.read(from: input) }
    }

    deinit { record.signal(SIGKILL) }

    /// The environment of the tests without what configures a daemon.
    public static var environment: [String: String] {
        var all: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "="), !pair.hasPrefix("CORDEE_"), !pair.hasPrefix("LISTEN_") {
                all[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return all
    }

    /// What it has written so far.
    public var lines: [String] { record.lines }

    public func signal(_ number: Int32) { record.signal(number) }

    /// The first line that contains a text, as soon as it is written.
    ///
    /// - Throws: `Ended` when the process ends without it.
    public func line(with text: String) async throws -> String {
        try await record.wait("a line with \(text.debugDescription)") { state in
            if let line = state.lines.first(where: { $0.contains(text) }) { return .success(line) }
            return state.exitCode.map { .failure(Ended(exitCode: $0, lines: state.lines)) }
        }
    }

    /// The exit code; 128 and the number of the signal that ended it.
    public func exitCode() async throws -> Int32 {
        try await record.wait("the end of the process") { state in state.exitCode.map { .success($0) } }
    }

    /// The process ended before it did what was waited for.
    public struct Ended: Error, CustomStringConvertible {
        public let exitCode: Int32
        public let lines: [String]
        public var description: String { "ended with \(exitCode):\n" + lines.joined(separator: "\n") }
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], errors: Int32, output: Bool
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if output {
            posix_spawn_file_actions_adddup2(&actions, errors, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // A new process begins with no signal blocked, whatever the thread that starts it blocks.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, &attributes, words, variables)
        guard code == 0 else { throw NotStarted(program: program, code: code) }
        return process
    }
}
