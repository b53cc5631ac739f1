import CArchive

/// Reads a whole zip archive from memory into memory; refuses what is not plain files within the limits.
///
/// The directory is checked before one byte is unpacked (`ZipDirectory`), and what it promised while each entry is.
/// Nothing is written to a disk, nothing is given out before the last entry has been checked, and a zip in the zip is a
/// file like any other.
public struct ZipReader: Sendable {
    private let limits: ZipLimits

    public init(limits: ZipLimits = ZipLimits()) { self.limits = limits }

    /// The files in the order of the archive. Folder entries and what macOS adds (`__MACOSX/…`, `.DS_Store`) are left
    /// out; one folder that all files lie in is taken off their paths. A name with backslashes and no slash comes from
    /// an old Windows writer: libarchive reads them as slashes, before the path is checked.
    public func read(_ bytes: [UInt8]) throws(ArchiveError) -> [ArchiveEntry] {
        if Self.isEmptyArchive(bytes) { return [] }
        // A local file header: a zip behind other bytes (a self-extracting program) is not expected here.
        guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else { throw .notZip }
        let directory = try ZipDirectory(bytes, limits: limits)
        return try withUTF8Locale { () throws(ArchiveError) in
            try unsafe bytes.span.withUnsafeBytes { (buffer) throws(ArchiveError) in
                var input = try unsafe ZipInput(buffer)
                var content = ZipContent(limits: limits, archiveBytes: bytes.count, promised: directory.paths)
                while try content.readNext(of: &input) {}
                return EntryPath.strippingCommonFolder(content.entries)
            }
        }
    }

    /// The end record alone, for 0 entries (APPNOTE 4.3.16); libarchive does not take it for a zip.
    private static func isEmptyArchive(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 22 && bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) && bytes[4..<20].allSatisfy { $0 == 0 }
    }
}

/// What has been read so far, with the counts that the limits are about.
private struct ZipContent {
    let limits: ZipLimits
    let archiveBytes: Int
    /// The paths of the directory that was looked through.
    let promised: Set<String>
    private(set) var entries: [ArchiveEntry] = []
    private var paths: Set<String> = []
    private var entryCount = 0
    private var totalBytes = 0

    init(limits: ZipLimits, archiveBytes: Int, promised: Set<String>) {
        (self.limits, self.archiveBytes, self.promised) = (limits, archiveBytes, promised)
    }

    /// False after the last entry.
    mutating func readNext(of input: inout ZipInput) throws(ArchiveError) -> Bool {
        guard let header = try input.nextHeader() else { return false }
        entryCount += 1
        guard entryCount <= limits.entriesMax else { throw .tooManyEntries(max: limits.entriesMax) }
        guard var path = header.path else { throw .badName }
        if header.kind == .folder, path.hasSuffix("/") { path.removeLast() }
        guard EntryPath.isSafe(path) else { throw .unsafePath(path) }
        if header.isEncrypted { throw .encrypted(path: path) }
        switch header.kind {
        case .folder: return true
        case .other: throw .notRegular(path: path)
        case .file: break
        }
        guard header.isPlainMethod else { throw .unsupportedMethod(path: path) }
        // Another name beside the first (a field of the entry may bring one) was not looked at.
        guard promised.contains(path) else { throw .damaged("\(path) has two names") }
        guard paths.insert(path).inserted else { throw .duplicate(path: path) }
        let bytes = try content(of: path, from: &input)
        if !EntryPath.isLitter(path) { entries.append(ArchiveEntry(path: path, bytes: bytes)) }
        return true
    }

    private mutating func content(of path: String, from input: inout ZipInput) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        while try input.appendChunk(to: &bytes) {
            guard bytes.count <= limits.entryBytesMax else {
                throw .entryTooLarge(path: path, bytesMax: limits.entryBytesMax)
            }
            let total = totalBytes + bytes.count
            guard total <= limits.totalBytesMax else { throw .totalTooLarge(bytesMax: limits.totalBytesMax) }
            guard total / limits.ratioMax <= archiveBytes else { throw .ratioTooHigh(max: limits.ratioMax) }
        }
        totalBytes += bytes.count
        return bytes
    }
}
