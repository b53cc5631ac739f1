import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Surroundings {
    /// The environment of this process; names and values that are no UTF-8 are left out.
    public static func ofProcess() -> Surroundings {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            next += 1
            guard let text = String(validatingCString: entry), let equals = text.firstIndex(of: "=") else { continue }
            variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return Surroundings(variables)
    }
}

extension Console {
    /// The standard output and error of this process.
    public static func standard(_ surroundings: Surroundings) -> Console {
        // A reader that left (`cordee … | head`) ends the process quietly, by the signal's default; a daemon that left
        // does not, since the loop's thread has all signals blocked.
        let output = StandardOutput()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let wantsColour = surroundings["NO_COLOR"] == nil && surroundings["TERM"] != "dumb"
        return Console(
            language: surroundings.language, isTerminal: isTerminal, width: terminalWidth(surroundings),
            hasColour: isTerminal && wantsColour, errorsHaveColour: isatty(STDERR_FILENO) == 1 && wantsColour,
            output: { output.put($0) }, errors: { _ = StandardOutput.put($0, to: STDERR_FILENO) },
            hasLostOutput: { output.isLost.load(ordering: .relaxed) })
    }

    private static func terminalWidth(_ surroundings: Surroundings) -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return surroundings["COLUMNS"].flatMap { Int($0) }.flatMap { (20...10_000).contains($0) ? $0 : nil } ?? 80
    }
}

/// The standard output; after one write that failed, nothing more is written.
private final class StandardOutput: Sendable {
    let isLost = Atomic(false)

    func put(_ text: String) {
        guard !isLost.load(ordering: .relaxed), !Self.put(text, to: STDOUT_FILENO) else { return }
        isLost.store(true, ordering: .relaxed)
    }

    /// Writes all of a text; false if it could not: a full disk, a reader that left.
    static func put(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
