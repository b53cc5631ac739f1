/// What an archive may hold at most. Counted while it is read: what its headers promise is not believed.
public struct ZipLimits: Hashable, Sendable {
    /// Entries, folders among them.
    public var entriesMax: Int
    /// Bytes of all files together, unpacked.
    public var totalBytesMax: Int
    /// Bytes of one file, unpacked.
    public var entryBytesMax: Int
    /// Unpacked bytes for each byte of the archive. Rosters reach 10 to 20; deflate's limit is 1032.
    public var ratioMax: Int

    public init(
        entriesMax: Int = 64, totalBytesMax: Int = 64 << 20, entryBytesMax: Int = 32 << 20, ratioMax: Int = 100
    ) {
        precondition(entriesMax >= 0 && totalBytesMax >= 0 && entryBytesMax >= 0 && ratioMax > 0, "limits are counts")
        (self.entriesMax, self.totalBytesMax) = (entriesMax, totalBytesMax)
        (self.entryBytesMax, self.ratioMax) = (entryBytesMax, ratioMax)
    }
}

/// One file of an archive, in memory.
public struct ArchiveEntry: Hashable, Sendable {
    /// Relative, its parts separated by `/`, with no empty part and no `.` or `..`.
    public var path: String
    public var bytes: [UInt8]

    public init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
}
