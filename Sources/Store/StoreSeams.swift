/// Where tests put a fault or a weaker guarantee in; the daemon leaves all of it as it is.
package struct StoreSeams: Sendable {
    package enum Synchronous: String, Sendable { case full = "FULL", normal = "NORMAL" }

    /// The name of a registered `sqlite3_vfs`; nil is the system's own.
    package var vfs: String?
    /// FULL: COMMIT returns after the fsync. A test shows that NORMAL would lose acked writes.
    package var synchronous = Synchronous.full
    /// Most pages of the database: above, SQLite reports a full disk.
    package var pagesMax: Int?
    /// Told of each step of a backup, a restore and its completion, before the next one begins: a test stops there.
    package var copyStep: @Sendable (CopyStep) -> Void = { _ in }
    /// Stands around each COMMIT of the writer: may call it or not, and returns the result code to believe.
    package var commit: @Sendable (_ commit: () -> Int32) -> Int32 = { $0() }
}
