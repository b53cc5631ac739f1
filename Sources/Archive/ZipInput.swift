import CArchive

/// libarchive's zip reader over borrowed bytes: one header, then its content in chunks, then the next header.
// Proof: the handle is made in `init`, used by this value's methods alone (it cannot be copied) and freed in `deinit`;
// the bytes outlive it, since `ZipReader.read` makes and drops it inside of `withUnsafeBytes`.
@safe
struct ZipInput: ~Copyable {
    enum Kind { case file, folder, other }

    struct Header {
        /// Nil when it is not UTF-8.
        var path: String?
        var kind: Kind
        var isEncrypted: Bool
        /// Stored or deflated. The other methods of zip may ask for gigabytes of dictionary before the first byte comes.
        var isPlainMethod: Bool
    }

    /// 64 KiB: limits are looked at after each such piece.
    private static let chunkBytes = 65_536
    private let handle: OpaquePointer

    init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        guard let handle = unsafe archive_read_new() else { throw .damaged("out of memory") }
        // By the central directory only: the streaming reader would believe local headers that no directory lists.
        guard unsafe archive_read_support_format_zip_seekable(handle) == ARCHIVE_OK,
            unsafe archive_read_open_memory(handle, bytes.baseAddress, bytes.count) == ARCHIVE_OK
        else {
            unsafe archive_read_free(handle)
            throw .notZip
        }
        unsafe self.handle = handle
    }

    deinit { unsafe archive_read_free(handle) }

    /// Nil after the last entry.
    mutating func nextHeader() throws(ArchiveError) -> Header? {
        var entry: OpaquePointer?
        let code = unsafe archive_read_next_header(handle, &entry)
        if code == ARCHIVE_EOF { return nil }
        // A warning says that a name could not be converted: then the path is nil or another one, so it counts as bad.
        guard let entry = unsafe entry, code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw .damaged(message) }
        let isLink = unsafe archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil
        let kind: Kind =
            switch unsafe archive_entry_filetype(entry) {
            case 0o100000 where !isLink: .file
            case 0o040000 where !isLink: .folder
            default: .other
            }
        let method = unsafe archive_format_name(handle).map { unsafe String(cString: $0) } ?? ""
        return Header(
            path: unsafe code == ARCHIVE_WARN ? nil : path(of: entry), kind: kind,
            isEncrypted: unsafe archive_entry_is_encrypted(entry) != 0,
            isPlainMethod: method.hasSuffix("(uncompressed)") || method.hasSuffix("(deflation)"))
    }

    private func path(of entry: OpaquePointer) -> String? {
        guard let name = unsafe archive_entry_pathname(entry) else { return nil }
        return unsafe String(validatingCString: name)
    }

    /// Appends the next piece of the current entry; false when there is no more, and its checksum was right.
    mutating func appendChunk(to bytes: inout [UInt8]) throws(ArchiveError) -> Bool {
        var result = 0
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, count in
            result = unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
            count = max(result, 0)
        }
        guard result >= 0 else { throw .damaged(message) }
        bytes += chunk
        return result > 0
    }

    private var message: String {
        unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "unknown error"
    }
}
