import CArchive

/// Makes zip archives in memory. The same files give the same bytes: no times, owners or modes of the machine get in.
public enum ZipWriter {
    /// An archive of these files, in this order, deflated.
    ///
    /// - Throws: `.unsafePath` or `.duplicate` for a path that `ZipReader` would refuse.
    public static func pack(_ files: [(path: String, bytes: [UInt8])]) throws(ArchiveError) -> [UInt8] {
        var paths: Set<String> = []
        for file in files {
            guard EntryPath.isSafe(file.path) else { throw .unsafePath(file.path) }
            guard paths.insert(file.path).inserted else { throw .duplicate(path: file.path) }
        }
        // Deflate adds at most 5 bytes to each 16 KiB; each entry has two headers with its name and some 200 bytes.
        let roomBytes = files.reduce(1024) {
            $0 + $1.bytes.count + $1.bytes.count / 1024 + $1.path.utf8.count * 2 + 512
        }
        return try withUTF8Locale { () throws(ArchiveError) in
            var failure: ArchiveError?
            let archive = unsafe [UInt8](unsafeUninitializedCapacity: roomBytes) { buffer, count in
                do throws(ArchiveError) {
                    unsafe count = try write(files, into: buffer)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return archive
        }
    }

    private static func write(
        _ files: [(path: String, bytes: [UInt8])], into buffer: UnsafeMutableBufferPointer<UInt8>
    ) throws(ArchiveError) -> Int {
        var usedBytes = 0
        guard let handle = unsafe archive_write_new() else { throw .cannotWrite("out of memory") }
        defer { unsafe archive_write_free(handle) }
        // Proof: `usedBytes` is written by libarchive until the close below, within this scope.
        return try unsafe withUnsafeMutablePointer(to: &usedBytes) { (used) throws(ArchiveError) in
            try unsafe check(archive_write_set_format_zip(handle), handle)
            try unsafe check(archive_write_zip_set_compression_deflate(handle), handle)
            try unsafe check(archive_write_open_memory(handle, buffer.baseAddress, buffer.count, used), handle)
            for file in files { try unsafe write(file.path, file.bytes, to: handle) }
            try unsafe check(archive_write_close(handle), handle)
            return unsafe used.pointee
        }
    }

    private static func write(_ path: String, _ bytes: [UInt8], to handle: OpaquePointer) throws(ArchiveError) {
        guard let entry = unsafe archive_entry_new() else { throw .cannotWrite("out of memory") }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, path)
        unsafe archive_entry_set_filetype(entry, 0o100000)
        unsafe archive_entry_set_perm(entry, 0o644)
        unsafe archive_entry_set_size(entry, Int64(bytes.count))
        try unsafe check(archive_write_header(handle, entry), handle)
        let written = unsafe bytes.withUnsafeBytes { unsafe archive_write_data(handle, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw unsafe .cannotWrite(message(of: handle)) }
        try unsafe check(archive_write_finish_entry(handle), handle)
    }

    private static func check(_ code: Int32, _ handle: OpaquePointer) throws(ArchiveError) {
        guard code == ARCHIVE_OK else { throw unsafe .cannotWrite(message(of: handle)) }
    }

    private static func message(of handle: OpaquePointer) -> String {
        unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "unknown error"
    }
}
