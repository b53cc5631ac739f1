import Archive
import Glibc
import TestSupport
import Testing

@Suite struct ZipWriterTests {
    @Test("what is packed is read again, byte for byte", arguments: UInt64(0)..<20)
    func roundTrips(seed: UInt64) throws {
        var random = Random(seed: seed)
        let files = (0..<Int.random(in: 0...6, using: &random)).map { index in
            let count = [0, 1, 100, 65_536, 200_000].randomElement(using: &random) ?? 0
            // Incompressible, so that the room for the archive is tested where it is tightest.
            return (path: "f\(index)é.bin", bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        let entries = try ZipReader().read(ZipWriter.pack(files))
        #expect(entries == files.map { ArchiveEntry(path: $0.path, bytes: $0.bytes) })
    }

    @Test("many empty files with long names fit")
    func packsManyFiles() throws {
        let files = (0..<500).map { (path: String(repeating: "n", count: 200) + "\($0)", bytes: [UInt8]()) }
        #expect(try ZipReader(limits: ZipLimits(entriesMax: 500)).read(ZipWriter.pack(files)).count == 500)
    }

    @Test("the same files give the same bytes, and no time of the machine")
    func isDeterministic() throws {
        let files = [(path: "manifest.csv", bytes: text("a,b\n")), (path: "users.csv", bytes: text("c"))]
        let archive = try ZipWriter.pack(files)
        #expect(try archive == ZipWriter.pack(files))
        // The time in the first header: libarchive writes the machine's clock here when it is given one, in local time.
        #expect(Array(archive[10..<14]) == [0, 0, 0x21, 0])
    }

    @Test("a path that the reader would refuse is not written")
    func refusesPaths() {
        #expect(throws: ArchiveError.unsafePath("../a")) { try ZipWriter.pack([("../a", [])]) }
        #expect(throws: ArchiveError.duplicate(path: "a")) { try ZipWriter.pack([("a", []), ("a", [])]) }
    }

    @Test("a folder is packed sorted, without hidden names")
    func packsFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write(text("u"), to: "users.csv")
        try folder.write(text("m"), to: "manifest.csv")
        try folder.write(text("h"), to: ".hidden")
        try folder.makeFolder("more")
        try folder.write(text("é"), to: "more/é.csv")
        let entries = try ZipReader().read(ZipWriter.packFolder(folder.path))
        #expect(entries.map(\.path) == ["manifest.csv", "more/é.csv", "users.csv"])
        #expect(entries.map(\.bytes) == [text("m"), text("é"), text("u")])
    }

    @Test("links, missing folders and too much are refused by name")
    func refusesFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write(text("12345"), to: "a")
        #expect(throws: ArchiveError.entryTooLarge(path: folder.path + "/a", bytesMax: 4)) {
            try ZipWriter.packFolder(folder.path, limits: ZipLimits(entryBytesMax: 4))
        }
        #expect(throws: ArchiveError.totalTooLarge(bytesMax: 4)) {
            try ZipWriter.packFolder(folder.path, limits: ZipLimits(totalBytesMax: 4))
        }
        #expect(throws: ArchiveError.tooManyEntries(max: 0)) {
            try ZipWriter.packFolder(folder.path, limits: ZipLimits(entriesMax: 0))
        }
        #expect(throws: ArchiveError.cannotRead(path: folder.path + "/none", code: ENOENT)) {
            try ZipWriter.packFolder(folder.path + "/none")
        }
        symlink("/etc/passwd", folder.path + "/link")
        #expect(throws: ArchiveError.notRegular(path: "link")) { try ZipWriter.packFolder(folder.path) }
    }
}
