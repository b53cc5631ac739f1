import CSQLite

/// Puts a copy in the place of the database of a daemon that does not run.
///
/// 1. The copy is verified, copied into the data folder as a draft, marked as restored, and synced: a process that is
///    killed so far leaves the old database and a draft that the next opening removes.
/// 2. The draft gets the name of a promise, `restored-….db`. From here on the new database holds.
/// 3. The promise is kept (`RestoreCompletion`): the old files are moved aside as one, the new one takes their place. A
///    process that is killed meanwhile leaves that to the next opening, which does it before it looks for a database.
public struct Restore: Sendable {
    private let copy: String
    private let options: StoreOptions
    private let check: CopyCheck

    /// - Parameters:
    ///   - copy: the file to restore from; it is not changed.
    ///   - options: of the database to replace; its folder is made when only it is missing.
    ///   - check: how the copy is verified.
    public init(_ copy: String, over options: StoreOptions, check: CopyCheck) {
        (self.copy, self.options, self.check) = (copy, options, check)
    }

    /// - Parameter instant: now, as RFC 3339 in UTC to the second: `store_facts` remembers it under the name `restored`,
    ///   and the folder of the old files is called after it.
    /// - Returns: the folder that the old files were moved into; nil when there were none.
    /// - Throws: `store(.locked)` while a daemon runs, and what `CopyCheck` throws. Nothing was replaced then.
    public func run(at instant: String) throws(CopyError) -> String? {
        let folder = options.folder
        let isNewLock = !Files.exists(folder + "/lock")
        let lock = try CopyError.of { () throws(StoreError) in try DataLock.take(folder: folder) }
        var isReplaced = false
        // What was left unclean, and was not replaced, is still to be checked at the next start.
        defer { lock.release(clean: isReplaced || !lock.wasLeftUnclean) }
        do {
            if isNewLock { try Files.giveToOwner(of: folder, lock.path) }
            let completion = RestoreCompletion(options)
            // One that was interrupted before is carried out first, so that its old files are not lost sight of.
            try completion.run()
            options.seams.copyStep(.draftRemoved)
            _ = try check.run { _ in }
            try makeDraft(completion.draft, marked: instant)
            let stamp = instant.filter { $0 != "-" && $0 != ":" }
            try Files.move(completion.draft, to: completion.promise(stamp))
            options.seams.copyStep(.named)
            try Files.sync(folder)
            options.seams.copyStep(.folderSynced)
            try completion.run()
            isReplaced = true
            let replaced = completion.replacedFolder(stamp)
            return Files.exists(replaced) ? replaced : nil
        } catch {
            throw CopyError(error)
        }
    }

    private func makeDraft(_ draft: String, marked instant: String) throws(StoreError) {
        try Files.copy(copy, to: draft)
        options.seams.copyStep(.draftMade)
        try mark(draft, instant)
        // A copy that was not made by a backup may have needed a WAL for that; SQLite has removed it, or it failed.
        if let left = Files.byteCount(draft + "-wal"), left > 0 { throw .cannotOpen(path: draft, code: SQLITE_ERROR) }
        options.seams.copyStep(.draftFilled)
        try Files.giveToOwner(of: options.folder, draft)
        try Files.sync(draft)
        options.seams.copyStep(.draftSynced)
    }

    private func mark(_ draft: String, _ instant: String) throws(StoreError) {
        var options = options
        options.path = draft
        let connection = try Connection(options, .draft)
        let statement = try connection.prepareOwn(
            """
            INSERT INTO store_facts (name, value) VALUES ('restored', ?1)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
        try statement.bind(instant)
        _ = try statement.step()
    }
}
