import RPC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The program `cordeed`, for what needs the database but no daemon: `cordee` itself knows no SQLite.
enum DaemonProgram {
    /// Goes on as `cordeed`, the one beside this program or else one of the search path, in the language of the console.
    ///
    /// - Returns: why it could not; if it can, it does not return.
    static func become(_ context: CommandContext, _ arguments: [String]) -> Failure {
        let words =
            ["cordeed"] + arguments.prefix(2) + ["--lang", context.console.language.rawValue] + arguments.dropFirst(2)
        let pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        // This thread may have signals blocked, and what follows would inherit that: Ctrl-C must end it.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        if let beside { execv(beside, pointers) }
        execvp("cordeed", pointers)
        return .here(.unavailable, Texts.noDaemonProgram(String(cString: strerror(errno))))
    }

    private static var beside: String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[...$0]) + "cordeed" }
    }
}
