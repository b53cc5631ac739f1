import Calendar
import RPC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `cordee backup create|verify|restore|rotate`.
enum BackupCommands {
    private static let createBackup = SystemMethod("cordee.system.v1.Backups", "CreateBackup")

    /// `create FILE`: the daemon writes it.
    static func create(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let words = try CommandWords(arguments, argument: "FILE")
        _ = try await createBackup.run(context, ["--path", try absolute(words.argument)])
        return .success
    }

    /// `verify FILE`: by `cordeed`, without a daemon.
    static func verify(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let words = try CommandWords(arguments, argument: "FILE")
        throw DaemonProgram.become(context, ["backup", "verify", "--", words.argument])
    }

    /// `restore FILE --data DIR`: by `cordeed`, without a daemon.
    static func restore(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let words = try CommandWords(arguments, argument: "FILE", flags: ["--data"])
        guard let data = words.flags["--data"] else { throw .usage(Texts.missingArgument("--data DIR")) }
        throw DaemonProgram.become(context, ["backup", "restore", "--data", data, "--", words.argument])
    }

    /// `rotate FOLDER`: a new backup, named after now; then those that need not be kept are deleted.
    static func rotate(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let words = try CommandWords(arguments, argument: "FOLDER", flags: ["--keep-daily", "--keep-weekly"])
        let retention = Retention(days: try words.count("--keep-daily", 7), weeks: try words.count("--keep-weekly", 5))
        let folder = try absolute(words.argument)
        let name = BackupName(at: Timestamp(seconds: Int64(time(nil))))
        _ = try await createBackup.run(context, ["--path", folder + "/" + name.text])
        let names = try names(in: folder)
        let backups = names.compactMap { BackupName($0) }
        // Nothing of another backup is there but what one left that was interrupted: the daemon makes one at a time.
        let leavings = names.filter { name in
            name.hasSuffix(".db.new") && BackupName(String(name.dropLast(4))) != nil
        }
        for name in retention.discarded(of: backups).map(\.text) + leavings {
            guard unlink(folder + "/" + name) == 0 else {
                throw .here(.outputLost, Texts.cannotDelete(folder + "/" + name, String(cString: strerror(errno))))
            }
            context.console.tell(Texts.deleted(name))
        }
        return .success
    }

    /// A path that the daemon, which stands in another folder, understands too.
    private static func absolute(_ path: String) throws(Failure) -> String {
        var path = path
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else {
            throw .here(.notFound, Texts.cannotRead(".", String(cString: strerror(errno))))
        }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    private static func names(in folder: String) throws(Failure) -> [String] {
        guard let entries = opendir(folder) else {
            throw .here(.notFound, Texts.cannotRead(folder, String(cString: strerror(errno))))
        }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.sorted()
    }
}

/// One argument and flags with a value, of a command that no descriptor describes.
struct CommandWords {
    let argument: String
    private(set) var flags: [String: String] = [:]

    init(_ words: [String], argument name: String, flags known: [String] = []) throws(Failure) {
        var argument: String?
        var rest = words[...]
        var isPlain = false
        while let word = rest.popFirst() {
            let key = String(word.prefix { $0 != "=" })
            if !isPlain && word == "--" {
                isPlain = true
            } else if !isPlain && known.contains(key) {
                let inline = word.contains("=") ? String(word.dropFirst(key.count + 1)) : nil
                guard let value = inline ?? rest.popFirst() else { throw .usage(Texts.missingValue(key)) }
                flags[key] = value
            } else if !isPlain && word.hasPrefix("-") {
                let near = Nearest.match(word, among: known + GlobalOptions.names.map { "--" + $0 })
                throw .usage(Texts.unknownFlag(word, nearest: near))
            } else if argument == nil {
                argument = word
            } else {
                throw .usage(Texts.tooManyArguments(word))
            }
        }
        guard let argument else { throw .usage(Texts.missingArgument(name)) }
        self.argument = argument
    }

    /// A flag's whole number.
    func count(_ flag: String, _ standard: Int) throws(Failure) -> Int {
        guard let text = flags[flag] else { return standard }
        guard let count = Int(text), (0...100_000).contains(count) else {
            throw .usage(Texts.wrongValue(flag, text, expected: "0, 1, 2, …"))
        }
        return count
    }
}
