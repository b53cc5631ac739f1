/// Writes one copy of the database, complete or absent: a draft beside it is filled, looked at, synced, then renamed.
///
/// A process that is killed leaves at most the draft, which the next copy to the same place removes.
struct Backup {
    let path: String
    let options: StoreOptions
    private var draft: String { path + ".new" }

    /// - Parameter inspect: reads the copy before it gets its name; what it throws leaves no copy.
    /// - Returns: the size in bytes, and what `inspect` gave.
    func write<Value>(
        from source: Connection, _ inspect: (Reader) throws -> Value
    ) throws(CopyError) -> (byteCount: Int64, value: Value) {
        if Files.exists(path) { throw .exists(path: path) }
        do {
            try removeDraft()
            reached(.draftRemoved)
            let value = try writeDraft(from: source, inspect)
            try Files.sync(draft)
            reached(.draftSynced)
            guard !Files.exists(path) else { throw CopyError.exists(path: path) }
            try Files.move(draft, to: path)
            reached(.named)
            try Files.sync(Files.folder(of: path))
            reached(.folderSynced)
            return (Files.byteCount(path) ?? 0, value)
        } catch {
            try? removeDraft()
            throw CopyError(error)
        }
    }

    private func writeDraft<Value>(from source: Connection, _ inspect: (Reader) throws -> Value) throws -> Value {
        try Files.make(draft)
        reached(.draftMade)
        var options = options
        options.path = draft
        let target = try Connection(options, .draft)
        var syncedBytes = 0
        try PageCopy(source: source, draft: target) { (byteCount) throws(StoreError) in
            // In pieces, so that no commit of the writer waits behind the whole copy on its way to the disk.
            guard byteCount - syncedBytes >= Self.syncBytes else { return }
            syncedBytes = byteCount
            try Files.sync(draft)
        }.run()
        reached(.draftFilled)
        return try Self.reading(target, inspect)
    }

    private static let syncBytes = 64 << 20

    private static func reading<Value>(_ connection: Connection, _ inspect: (Reader) throws -> Value) throws -> Value {
        let reader = Reader(connection)
        defer { reader.end() }
        try reader.begin()
        return try inspect(reader)
    }

    private func reached(_ step: CopyStep) { options.seams.copyStep(step) }

    private func removeDraft() throws(StoreError) {
        for suffix in ["", "-wal", "-shm", "-journal"] { try Files.remove(draft + suffix) }
    }
}
