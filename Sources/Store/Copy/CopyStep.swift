/// What a backup or a restore has just done, in this order; each leaves out what it does not do.
package enum CopyStep: Int, CaseIterable, Sendable {
    // A backup, and the first half of a restore: so far only a draft has been touched.
    case draftRemoved, draftMade, draftFilled, draftSynced
    /// The draft has its name: the backup is there, the restore will be carried out, now or at the next opening.
    case named
    case folderSynced
    // The second half of a restore.
    case replacedFolderMade, databaseMoved, walMoved, sharedMemoryMoved, journalMoved, movesSynced, switched
    case switchSynced
}
