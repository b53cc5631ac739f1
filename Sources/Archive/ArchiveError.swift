/// Why an archive is refused, or could not be made. Paths are those written in the archive, for a message.
public enum ArchiveError: Error, Hashable, Sendable {
    /// The bytes are no zip archive.
    case notZip
    /// A zip that contradicts itself: cut off, wrong checksum, wrong length. The text is libarchive's, in English.
    case damaged(String)
    /// An entry needs a password.
    case encrypted(path: String)
    /// A path that is absolute, leaves its folder (`..`), or holds a backslash, a colon or a control character.
    case unsafePath(String)
    /// A name that is not UTF-8.
    case badName
    /// A symbolic or hard link, a device, a pipe or a socket.
    case notRegular(path: String)
    /// Two entries have this path.
    case duplicate(path: String)
    /// Compressed by another method than deflate.
    case unsupportedMethod(path: String)
    case tooManyEntries(max: Int)
    case entryTooLarge(path: String, bytesMax: Int)
    case totalTooLarge(bytesMax: Int)
    /// The content is more than so many times as large as the archive: a zip bomb.
    case ratioTooHigh(max: Int)
    /// A file or folder to be packed cannot be read; `code` is `errno`.
    case cannotRead(path: String, code: Int32)
    /// libarchive could not write (out of memory).
    case cannotWrite(String)
}
