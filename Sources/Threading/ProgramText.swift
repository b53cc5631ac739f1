#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The resident pages of the process's own code.
public enum ProgramText {
    /// Gives back the pages that have been touched so far: to be called once, when the start is over.
    ///
    /// The kernel maps code in runs of 64 KiB around each address that is touched, so that after the start some 15 MB
    /// of it are resident, of which serving needs a few. What is needed again comes back from the page cache, at about
    /// a microsecond for each run.
    // Proof: a mapping of a file that is executable and not writable holds nothing but what the file holds, so dropping
    // its pages loses nothing. Relocated data lies in mappings that are not executable, and is left alone.
    public static func giveBackPages() {
        for mapping in codeMappings() {
            unsafe madvise(UnsafeMutableRawPointer(bitPattern: mapping.lowerBound), mapping.count, MADV_DONTNEED)
        }
    }

    private static func codeMappings() -> [Range<UInt>] {
        guard let file = unsafe fopen("/proc/self/maps", "re") else { return [] }
        defer { unsafe fclose(file) }
        var mappings: [Range<UInt>] = []
        var line = [CChar](repeating: 0, count: 4_096)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let fields = text.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            if bounds.count == 2, bounds[0] < bounds[1] { mappings.append(bounds[0]..<bounds[1]) }
        }
        return mappings
    }
}
