/// A zip written byte by byte (APPNOTE 4.3), so that it may say what a decent writer never would.
struct HandmadeZip {
    struct Entry {
        var path: [UInt8]
        var content: [UInt8] = []
        var flags: UInt16 = 0x800  // names are UTF-8
        var method: UInt16 = 0
        var mode: UInt32 = 0o100644
        /// What the headers say; nil is the truth.
        var saidBytes: UInt32?
        var saidCRC: UInt32?
        var saidLocalPath: [UInt8]?
        /// The number of the entry whose place the directory names instead of its own.
        var saidPlaceOf: Int?
        /// Extra fields of the directory.
        var extra: [UInt8] = []

        init(_ path: String, _ content: String = "") {
            (self.path, self.content) = (Array(path.utf8), Array(content.utf8))
        }
    }

    static func bytes(_ entries: [Entry]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        var offsets: [UInt32] = []
        for entry in entries {
            let offset = UInt32(archive.count)
            offsets.append(offset)
            let crc = entry.saidCRC ?? crc32(entry.content)
            let unpackedBytes = entry.saidBytes ?? UInt32(entry.content.count)
            var common = little(UInt16(20)) + little(entry.flags) + little(entry.method) + little(UInt32(0x21_0000))
            common += little(crc) + little(UInt32(entry.content.count)) + little(unpackedBytes)
            let localPath = entry.saidLocalPath ?? entry.path
            archive += [0x50, 0x4B, 3, 4] + common + little(UInt16(localPath.count)) + little(UInt16(0)) + localPath
            archive += entry.content
            common += little(UInt16(entry.path.count)) + little(UInt16(entry.extra.count))
            // Made by Unix (3), so that the upper half of the external attributes is the file mode.
            directory += [0x50, 0x4B, 1, 2] + [20, 3] + common + little(UInt16(0)) + little(UInt16(0))
            directory += little(UInt16(0)) + little(entry.mode << 16)
            directory += little(entry.saidPlaceOf.map { offsets[$0] } ?? offset) + entry.path + entry.extra
        }
        let count = UInt16(entries.count)
        let start = UInt32(archive.count)
        archive += directory + [0x50, 0x4B, 5, 6] + [0, 0, 0, 0] + little(count) + little(count)
        return archive + little(UInt32(directory.count)) + little(start) + [0, 0]
    }

    /// Two whole entries of which the second lies in the content of the first.
    static func overlapping() -> [UInt8] {
        let inner = bytes([Entry("b", "12345")])
        var outer = Entry("a")
        outer.content = Array(inner.prefix(36))
        var plain = bytes([outer, Entry("b", "12345")])
        // The place that the directory names for the second: 31 bytes behind the first's header begins its content.
        let end = plain.count - 22
        plain.replaceSubrange((end - 5)..<(end - 1), with: little(UInt32(31)))
        return plain
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
    }
}

func text(_ string: String) -> [UInt8] { Array(string.utf8) }
