/// The central directory of a zip (APPNOTE 4.3.12), looked through before one byte is unpacked: paths, kinds, methods,
/// promised sizes, and where each entry lies. What it promises is not believed either: sizes are counted again while
/// the content is read.
struct ZipDirectory {
    /// The paths of the files.
    private(set) var paths: Set<String> = []
    private let limits: ZipLimits
    private let bytes: [UInt8]
    /// The paths as systems compare them that do not tell cases apart.
    private var folded: Set<String> = []
    private var totalBytes = 0
    /// Where entries lie, to find those that share bytes.
    private var spans: [Range<Int>] = []

    /// - Throws: `.notZip` without an end record that ends with the file, and why an entry is refused.
    init(_ bytes: [UInt8], limits: ZipLimits) throws(ArchiveError) {
        (self.bytes, self.limits) = (bytes, limits)
        guard let end = Self.endRecord(of: bytes) else { throw .notZip }
        let (count, start) = (number(end + 10, 2), number(end + 16, 4))
        guard number(end + 4, 4) == 0, number(end + 8, 2) == count, count < 0xFFFF, start < 0xFFFF_FFFF else {
            throw .damaged("parts, or the 64-bit form, are not read")
        }
        guard count <= limits.entriesMax else { throw .tooManyEntries(max: limits.entriesMax) }
        guard start + number(end + 12, 4) == end else { throw .damaged("the directory is not where it should be") }
        var place = start
        for _ in 0..<count { try readEntry(at: &place, directory: start, end: end) }
        guard place == end else { throw .damaged("the directory holds more than its entries") }
        try checkSpans()
    }

    /// Where the end record stands; its comment must end with the file.
    private static func endRecord(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        for place in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 0xFFFF), by: -1)
        where bytes[place] == 0x50 && bytes[place...].starts(with: [0x50, 0x4B, 5, 6]) {
            if Int(bytes[place + 20]) + Int(bytes[place + 21]) << 8 == bytes.count - place - 22 { return place }
        }
        return nil
    }

    /// A little-endian number; the caller has looked that it lies inside.
    private func number(_ place: Int, _ width: Int) -> Int {
        (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
    }

    private mutating func readEntry(at place: inout Int, directory: Int, end: Int) throws(ArchiveError) {
        guard place + 46 <= end, bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) else {
            throw .damaged("the directory is cut off")
        }
        let header = place
        let nameBytes = number(header + 28, 2)
        place += 46 + nameBytes + number(header + 30, 2) + number(header + 32, 2)
        guard place <= end else { throw .damaged("the directory is cut off") }
        let name = bytes[(header + 46)..<(header + 46 + nameBytes)]
        guard let written = String(validating: name, as: UTF8.self), !written.utf8.contains(0) else { throw .badName }
        // As libarchive reads the names of old Windows writers.
        var path = written.contains("/") ? written : written.replacing("\\", with: "/")
        let isFolder = path.hasSuffix("/")
        if isFolder { path.removeLast() }
        guard EntryPath.isSafe(path) else { throw .unsafePath(path) }
        let (flags, method) = (number(header + 8, 2), number(header + 10, 2))
        if flags & 0x2041 != 0 { throw .encrypted(path: path) }
        switch number(header + 40, 2) & 0o170000 {
        case 0, 0o100000, 0o040000: break
        default: throw .notRegular(path: path)
        }
        try checkPlace(of: path, header, name, directory: directory)
        guard !isFolder else { return }
        guard method == 0 || method == 8 else { throw .unsupportedMethod(path: path) }
        guard paths.insert(path).inserted, folded.insert(path.lowercased()).inserted else {
            throw .duplicate(path: path)
        }
        try count(path, packedBytes: number(header + 20, 4), bytes: number(header + 24, 4), isStored: method == 0)
    }

    private mutating func count(
        _ path: String, packedBytes: Int, bytes count: Int, isStored: Bool
    ) throws(ArchiveError) {
        guard count <= limits.entryBytesMax else { throw .entryTooLarge(path: path, bytesMax: limits.entryBytesMax) }
        if isStored, packedBytes != count { throw .damaged("\(path) has two lengths") }
        totalBytes += count
        guard totalBytes <= limits.totalBytesMax else { throw .totalTooLarge(bytesMax: limits.totalBytesMax) }
        guard totalBytes / limits.ratioMax <= bytes.count else { throw .ratioTooHigh(max: limits.ratioMax) }
    }

    /// The local header must be there, with the same name, and with all of the content in front of the directory.
    private mutating func checkPlace(
        of path: String, _ header: Int, _ name: ArraySlice<UInt8>, directory: Int
    ) throws(ArchiveError) {
        let local = number(header + 42, 4)
        guard local + 30 <= directory, bytes[local...].starts(with: [0x50, 0x4B, 3, 4]) else {
            throw .damaged("\(path) is not where the directory says")
        }
        let content = local + 30 + number(local + 26, 2) + number(local + 28, 2)
        let end = content + number(header + 20, 4)
        guard end <= directory, bytes[(local + 30)...].starts(with: name), number(local + 26, 2) == name.count else {
            throw .damaged("\(path) is another entry than the directory says")
        }
        spans.append(local..<end)
    }

    /// Entries that share bytes make much of little without any one of them being a bomb.
    private func checkSpans() throws(ArchiveError) {
        let sorted = spans.sorted { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.upperBound > next.lowerBound {
            throw .damaged("two entries share bytes")
        }
    }
}
