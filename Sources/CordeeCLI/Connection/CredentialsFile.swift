#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file that `cordee login` keeps a token in; nobody else may read it.
struct CredentialsFile {
    let path: String

    var exists: Bool { access(path, F_OK) == 0 }

    /// Writes the token: whole, or not at all.
    func store(_ token: String) throws(Failure) {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        makeFolders(folder)
        let new = path + ".new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure() }
        let line = Array((token + "\n").utf8)
        let isWritten = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == line.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(new, path) == 0 else {
            let failure = failure()
            unlink(new)
            throw failure
        }
    }

    /// Deletes it; that there is none is no error.
    func remove() throws(Failure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure() }
    }

    private func makeFolders(_ folder: String) {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            mkdir(path, 0o700)
        }
    }

    private func failure() -> Failure { .value(Texts.unusable(path, String(cString: strerror(errno)))) }
}

/// A secret that is typed or piped in, never shown.
enum SecretInput {
    /// Reads one line of the standard input, without echo on a terminal.
    static func read(prompt: String) throws(Failure) -> String {
        var old = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &old) == 0
        if isTerminal {
            var silent = old
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
            show(prompt)
        }
        let line = readLine() ?? ""
        if isTerminal {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &old)
            show("\n")
        }
        guard !line.isEmpty, line.utf8.count <= 4096, line.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .value(Texts.noToken("stdin"))
        }
        return line
    }

    private static func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
