#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The second half of a restore, and what each opening does first, in case that a restore was interrupted.
///
/// Every step may have been taken already, so it can be killed and run again at any of them. The old database file goes
/// first and the new one comes last: never does one lie beside the other's `-wal`, which SQLite would apply to it.
struct RestoreCompletion {
    private let folder: String
    private let database: String
    private let step: (CopyStep) -> Void

    /// Called under the data lock.
    init(_ options: StoreOptions) {
        folder = options.folder
        database = options.path
        step = options.seams.copyStep
    }

    private static let promisePrefix = "restored-"
    private static let promiseSuffix = ".db"

    /// A copy in the making; what is left of it has no meaning.
    var draft: String { folder + "/restore.draft" }

    /// A whole copy that takes the database's place.
    func promise(_ stamp: String) -> String { folder + "/" + Self.promisePrefix + stamp + Self.promiseSuffix }

    /// Where the files go that it replaces.
    func replacedFolder(_ stamp: String) -> String { folder + "/replaced-" + stamp }

    /// Removes a draft and keeps a promise, if there are any.
    func run() throws(StoreError) {
        let names = try Files.names(in: folder)
        for name in names where name.hasPrefix("restore.draft") { try Files.remove(folder + "/" + name) }
        for name in names where name.hasPrefix(Self.promisePrefix) && name.hasSuffix(Self.promiseSuffix) {
            let stamp = name.dropFirst(Self.promisePrefix.count).dropLast(Self.promiseSuffix.count)
            try replace(by: folder + "/" + name, String(stamp))
        }
    }

    private func replace(by promise: String, _ stamp: String) throws(StoreError) {
        let replaced = replacedFolder(stamp)
        let parts: [(String, CopyStep)] = [
            ("", .databaseMoved), ("-wal", .walMoved), ("-shm", .sharedMemoryMoved), ("-journal", .journalMoved),
        ]
        if parts.contains(where: { Files.exists(database + $0.0) }) {
            if unsafe mkdir(replaced, 0o700) != 0 && errno != EEXIST { throw .folder(path: replaced, code: errno) }
            try Files.giveToOwner(of: folder, replaced)
            step(.replacedFolderMade)
            for (suffix, done) in parts {
                if Files.exists(database + suffix) {
                    try Files.move(database + suffix, to: replaced + "/" + Self.name(of: database) + suffix)
                }
                step(done)
            }
            try Files.sync(replaced)
        }
        // Before the new one comes, no name of the old ones may come back after a loss of power.
        try Files.sync(folder)
        step(.movesSynced)
        try Files.move(promise, to: database)
        step(.switched)
        try Files.sync(folder)
        step(.switchSynced)
    }

    private static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }
}
