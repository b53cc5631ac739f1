#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ZipWriter {
    /// Folders below folders that are still packed; a roster has none.
    private static let depthMax = 8

    /// An archive of all regular files below a folder, with paths relative to it, sorted by their bytes.
    ///
    /// Names that begin with a dot are left out. Links and other things that are neither file nor folder are refused by
    /// name, so that nothing is missing without a word. Of the limits, the ratio is not looked at.
    public static func packFolder(_ path: String, limits: ZipLimits = ZipLimits()) throws(ArchiveError) -> [UInt8] {
        var files: [(path: String, bytes: [UInt8])] = []
        try collect(folder: path, prefix: "", depth: 0, limits: limits, into: &files)
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return try pack(files)
    }

    private static func collect(
        folder: String, prefix: String, depth: Int, limits: ZipLimits,
        into files: inout [(path: String, bytes: [UInt8])]
    ) throws(ArchiveError) {
        guard depth <= depthMax else { throw .cannotRead(path: folder, code: ELOOP) }
        for name in try names(in: folder, limits: limits) where !name.hasPrefix(".") {
            let (path, relative) = (folder + "/" + name, prefix + name)
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { throw .cannotRead(path: path, code: errno) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                try collect(folder: path, prefix: relative + "/", depth: depth + 1, limits: limits, into: &files)
            case S_IFREG:
                guard files.count < limits.entriesMax else { throw .tooManyEntries(max: limits.entriesMax) }
                let soFar = files.reduce(0) { $0 + $1.bytes.count }
                files.append((relative, try content(of: path, limits: limits)))
                guard soFar + files[files.count - 1].bytes.count <= limits.totalBytesMax else {
                    throw .totalTooLarge(bytesMax: limits.totalBytesMax)
                }
            default: throw .notRegular(path: relative)
            }
        }
    }

    private static func names(in folder: String, limits: ZipLimits) throws(ArchiveError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw .cannotRead(path: folder, code: errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            // Proof: `d_name` is a C string inside of the record that readdir keeps until its next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
            }
            guard let name else { throw .badName }
            names.append(name)
            // Twice: hidden names and folders do not count as entries, but their number is bounded too.
            guard names.count <= limits.entriesMax * 2 + 64 else { throw .tooManyEntries(max: limits.entriesMax) }
        }
        guard errno == 0 else { throw .cannotRead(path: folder, code: errno) }
        return names
    }

    private static func content(of path: String, limits: ZipLimits) throws(ArchiveError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            var got = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                got = unsafe read(descriptor, buffer.baseAddress, buffer.count)
                count = max(got, 0)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .cannotRead(path: path, code: errno) }
            if got == 0 { return bytes }
            bytes += chunk
            guard bytes.count <= limits.entryBytesMax else {
                throw .entryTooLarge(path: path, bytesMax: limits.entryBytesMax)
            }
        }
    }
}
