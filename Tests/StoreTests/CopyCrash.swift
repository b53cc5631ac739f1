#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Store

/// The program `CopyCrash` of this build, which kills itself at one step.
enum CopyCrash {
    struct NotStarted: Error { let code: Int32 }

    /// - Returns: the signal that ended it; 0 when it came to its end, -1 when it failed.
    static func run(_ what: String, _ database: String, _ copy: String, _ step: CopyStep?) throws -> Int32 {
        let arguments: [String] = [program, what, database, copy, String(step?.rawValue ?? -1)]
        let words = arguments.map { strdup($0) } + [nil]
        defer { for pointer in words { free(pointer) } }
        var process = pid_t()
        let code = posix_spawn(&process, program, nil, nil, words, environ)
        guard code == 0 else { throw NotStarted(code: code) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        if status & 0x7f != 0 { return status & 0x7f }
        return status == 0 ? 0 : -1
    }

    /// Beside the test runner, where the build puts all programs of the package.
    private static let program: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let runner = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for candidate in [runner] + CommandLine.arguments {
            guard let slash = candidate.lastIndex(of: "/") else { continue }
            let path = candidate[..<slash] + "/CopyCrash"
            if access(String(path), X_OK) == 0 { return String(path) }
        }
        return "CopyCrash"
    }()
}
