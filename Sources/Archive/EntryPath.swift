/// The rules for paths in an archive, the same for reading and writing.
enum EntryPath {
    /// Whether the path is relative, stays below its folder and means the same on each system.
    static func isSafe(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
                && part.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: ":") }
        }
    }

    /// What file managers add and nobody means: macOS's resource forks and folder settings.
    static func isLitter(_ path: String) -> Bool {
        path.hasPrefix("__MACOSX/") || path == ".DS_Store" || path.hasSuffix("/.DS_Store")
    }

    /// The entries without the folder that all of them lie in, if there is one: the one level that "compress this
    /// folder" adds.
    static func strippingCommonFolder(_ entries: [ArchiveEntry]) -> [ArchiveEntry] {
        guard let first = entries.first, let slash = first.path.firstIndex(of: "/") else { return entries }
        let folder = first.path[...slash]
        guard entries.allSatisfy({ $0.path.utf8.starts(with: folder.utf8) }) else { return entries }
        return entries.map { entry in
            ArchiveEntry(
                path: String(decoding: entry.path.utf8.dropFirst(folder.utf8.count), as: UTF8.self), bytes: entry.bytes)
        }
    }
}
