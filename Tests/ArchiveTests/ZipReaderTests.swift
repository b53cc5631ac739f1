import Archive
import FoundationEssentials
import TestSupport
import Testing

@Suite struct ZipReaderTests {
    typealias Entry = HandmadeZip.Entry

    func error(_ bytes: [UInt8], _ limits: ZipLimits = ZipLimits()) -> ArchiveError? {
        do throws(ArchiveError) { _ = try ZipReader(limits: limits).read(bytes) } catch { return error }
        return nil
    }

    func error(_ entries: Entry...) -> ArchiveError? { error(HandmadeZip.bytes(entries)) }

    @Test("files are read in order, folders are left out")
    func reads() throws {
        var folder = Entry("notes/")
        folder.mode = 0o040755
        let zip = HandmadeZip.bytes([
            Entry("users.csv", "a,b\n"), folder, Entry("notes/élève.txt", "é"), Entry("empty"),
        ])
        #expect(
            try ZipReader().read(zip) == [
                ArchiveEntry(path: "users.csv", bytes: text("a,b\n")),
                ArchiveEntry(path: "notes/élève.txt", bytes: text("é")), ArchiveEntry(path: "empty", bytes: []),
            ])
        #expect(try ZipReader().read(HandmadeZip.bytes([])).isEmpty)
    }

    /// Written by Python's zipfile: `Données/` with `manifest.csv`, `é/users.csv` and `.DS_Store`; `__MACOSX/…`.
    static let pythonZip = """
        UEsDBBQAAAgIAABgeF0AAAAAAgAAAAAAAAAJAAAARG9ubsOpZXMvAwBQSwMEFAAACAgAAGB4XRmD8JgVAAAAEwAAABUAAABEb25u
        w6llcy9tYW5pZmVzdC5jc3YrKMovSC0qqfRLzE3VKUvMKU3lAgBQSwMEFAAACAgAAGB4XWR6cK8GAAAAZAAAABUAAABEb25uw6ll
        cy/DqS91c2Vycy5jc3ZLTKQ9AABQSwMEFAAACAgAAGB4XYMW3IwDAAAAAQAAAB0AAABfX01BQ09TWC9Eb25uw6llcy8uX3VzZXJz
        LmNzdqsAAFBLAwQUAAAICAAAYHhdgxbcjAMAAAABAAAAEgAAAERvbm7DqWVzLy5EU19TdG9yZasAAFBLAQIUAxQAAAgIAABgeF0A
        AAAAAgAAAAAAAAAJAAAAAAAAAAAAAADtQQAAAABEb25uw6llcy9QSwECFAMUAAAICAAAYHhdGYPwmBUAAAATAAAAFQAAAAAAAAAA
        AAAApIEpAAAARG9ubsOpZXMvbWFuaWZlc3QuY3N2UEsBAhQDFAAACAgAAGB4XWR6cK8GAAAAZAAAABUAAAAAAAAAAAAAAKSBcQAA
        AERvbm7DqWVzL8OpL3VzZXJzLmNzdlBLAQIUAxQAAAgIAABgeF2DFtyMAwAAAAEAAAAdAAAAAAAAAAAAAACkgaoAAABfX01BQ09T
        WC9Eb25uw6llcy8uX3VzZXJzLmNzdlBLAQIUAxQAAAgIAABgeF2DFtyMAwAAAAEAAAASAAAAAAAAAAAAAACkgegAAABEb25uw6ll
        cy8uRFNfU3RvcmVQSwUGAAAAAAUABQBIAQAAGwEAAAAA
        """

    @Test("a zip of another writer loses its common folder and what macOS adds")
    func stripsCommonFolder() throws {
        let bytes = try #require(Data(base64Encoded: Self.pythonZip, options: .ignoreUnknownCharacters))
        let entries = try ZipReader().read([UInt8](bytes))
        #expect(entries.map(\.path) == ["manifest.csv", "é/users.csv"])
        #expect(entries.map(\.bytes) == [text("propertyName,value\n"), [UInt8](repeating: 97, count: 100)])
    }

    @Test("only one folder is taken off, and only when all files lie in it")
    func stripsOneFolderOnly() throws {
        func paths(_ paths: String...) throws -> [String] {
            try ZipReader().read(HandmadeZip.bytes(paths.map { Entry($0) })).map(\.path)
        }
        #expect(try paths("a/b/x", "a/b/y") == ["b/x", "b/y"])
        #expect(try paths("a/x", "b/y") == ["a/x", "b/y"])
        #expect(try paths("a/x", "ab/y") == ["a/x", "ab/y"])
        #expect(try paths("a/x", "y") == ["a/x", "y"])
    }

    @Test(
        "a path that leaves its folder is refused",
        arguments: [
            "../users.csv", "a/../../users.csv", "a/..", "/etc/passwd", "a/b\\users.csv", "a\\/..", "C:users.csv",
            "a//b", "./a", "a/./b", "a\u{1}b", "a\nb",
        ])
    func refusesPath(path: String) { #expect(error(Entry(path, "x")) == .unsafePath(path)) }

    @Test("backslashes alone, of an old Windows writer, are slashes and checked as such")
    func readsBackslashes() throws {
        let zip = HandmadeZip.bytes([Entry("a\\x"), Entry("a\\b\\y")])
        #expect(try ZipReader().read(zip).map(\.path) == ["x", "b/y"])
        #expect(error(Entry("..\\users.csv")) == .unsafePath("../users.csv"))
        #expect(error(Entry("\\users.csv")) == .unsafePath("/users.csv"))
        #expect(error(Entry("a/x"), Entry("a\\x")) == .duplicate(path: "a/x"))
    }

    @Test("an unsafe folder entry is refused too")
    func refusesFolder() {
        var folder = Entry("../")
        folder.mode = 0o040755
        #expect(error(folder) == .unsafePath(".."))
    }

    @Test(
        "links, devices and sockets are refused",
        arguments: [0o120777, 0o020666, 0o060666, 0o140777] as [UInt32])
    func refusesKind(mode: UInt32) {
        var entry = Entry("users.csv", "/etc/passwd")
        entry.mode = mode
        #expect(error(Entry("orgs.csv"), entry) == .notRegular(path: "users.csv"))
    }

    @Test("a name that comes twice is refused, with or without a file in between")
    func refusesDuplicate() {
        #expect(error(Entry("a", "1"), Entry("b"), Entry("a", "2")) == .duplicate(path: "a"))
    }

    @Test("names that a system without cases, or another form of the same letters, would take for one are refused")
    func refusesCaseDuplicate() {
        #expect(error(Entry("users.csv", "1"), Entry("Users.CSV", "2")) == .duplicate(path: "Users.CSV"))
        #expect(error(Entry("\u{E9}.csv", "1"), Entry("e\u{301}.csv", "2")) == .duplicate(path: "e\u{301}.csv"))
    }

    @Test("entries that share bytes are refused, however small each is")
    func refusesOverlap() {
        var same = Entry("b", "1")
        same.saidPlaceOf = 0
        #expect(error(Entry("a", "1"), same) == .damaged("b is another entry than the directory says"))
        // The first quotes header and content of the second: each is whole, and both have the same bytes.
        #expect(error(HandmadeZip.overlapping(), ZipLimits()) == .damaged("two entries share bytes"))
    }

    @Test("a local header with another name than the directory's is refused, and so is a second name in a field")
    func refusesTwoNames() {
        var other = Entry("users.csv", "1")
        other.saidLocalPath = text("../x.csv")
        #expect(error(other) == .damaged("users.csv is another entry than the directory says"))
        var unicode = Entry("users.csv", "1")
        // Info-ZIP's Unicode path, with the checksum of the first name.
        let crc = HandmadeZip.crc32(unicode.path)
        let field = [1] + (0..<4).map { UInt8(truncatingIfNeeded: crc >> ($0 * 8)) } + text("../x.csv")
        unicode.extra = [0x75, 0x70, UInt8(field.count), 0] + field
        // Refused, or read under the name that was looked at.
        let read = (try? ZipReader().read(HandmadeZip.bytes([unicode])))?.map(\.path)
        #expect(read == nil || read == ["users.csv"])
    }

    @Test("a bomb is refused by what its directory says, before anything is unpacked: its content is no deflate at all")
    func refusesBeforeUnpacking() {
        var bomb = Entry("users.csv", "not deflated")
        (bomb.method, bomb.saidBytes) = (8, 30 << 20)
        #expect(error(bomb) == .ratioTooHigh(max: 100))
        bomb.saidBytes = 0xFFFF_FFFF
        #expect(error(bomb) == .entryTooLarge(path: "users.csv", bytesMax: 32 << 20))
        var later = Entry("../b", "x")
        later.method = 8
        var broken = Entry("a", "not deflated")
        broken.method = 8
        // The first cannot be unpacked; that the second is unsafe is known before.
        #expect(error(broken, later) == .unsafePath("../b"))
    }

    @Test("a zip in a zip is a file like any other: it is not unpacked")
    func keepsNested() throws {
        let inner = try ZipWriter.pack([("x", [UInt8](repeating: 0, count: 1 << 20))])
        let read = try ZipReader().read(ZipWriter.pack([("inner.zip", inner), ("b", [1])]))
        #expect(read.map(\.path) == ["inner.zip", "b"] && read[0].bytes == inner)
    }

    @Test("encrypted entries and names that are not UTF-8 are refused")
    func refusesEncrypted() {
        var secret = Entry("users.csv", "0123456789abcdef")
        secret.flags |= 1
        #expect(error(secret) == .encrypted(path: "users.csv"))
        var latin = Entry("")
        latin.path = [0xE9, 0x61]
        #expect(error(latin) == .badName)
        latin.flags = 0
        #expect(error(latin) == .badName)
    }

    @Test(
        "methods other than stored and deflated are refused", arguments: [1, 6, 9, 12, 14, 95, 98, 99, 777] as [UInt16])
    func refusesMethod(method: UInt16) {
        var entry = Entry("users.csv", "0123456789abcdef")
        entry.method = method
        let refusal = error(entry)
        #expect(
            refusal == .unsupportedMethod(path: "users.csv") || method == 99 && refusal != nil,
            "\(String(describing: refusal))")
    }

    @Test("each limit holds, and what it allows is read")
    func limits() throws {
        let zip = HandmadeZip.bytes([Entry("a", "12345"), Entry("b", "12345")])
        #expect(error(zip, ZipLimits(entriesMax: 2, totalBytesMax: 10, entryBytesMax: 5, ratioMax: 1)) == nil)
        #expect(error(zip, ZipLimits(entriesMax: 1)) == .tooManyEntries(max: 1))
        #expect(error(zip, ZipLimits(totalBytesMax: 9)) == .totalTooLarge(bytesMax: 9))
        let three = HandmadeZip.bytes(["a", "b", "c"].map { Entry($0, "12345") })
        #expect(error(three, ZipLimits(totalBytesMax: 14)) == .totalTooLarge(bytesMax: 14))
        #expect(error(zip, ZipLimits(entryBytesMax: 4)) == .entryTooLarge(path: "a", bytesMax: 4))
    }

    @Test("a bomb is stopped by its ratio, by its size, and by one file's size")
    func stopsBomb() throws {
        let zeros = [UInt8](repeating: 0, count: 20 << 20)
        let bomb = try ZipWriter.pack([("a", zeros), ("b", zeros)])
        #expect(bomb.count < 60_000)
        #expect(error(bomb) == .ratioTooHigh(max: 100))
        #expect(error(bomb, ZipLimits(totalBytesMax: 25 << 20, ratioMax: 2000)) == .totalTooLarge(bytesMax: 25 << 20))
        let small = ZipLimits(entryBytesMax: 1 << 20, ratioMax: 2000)
        #expect(error(bomb, small) == .entryTooLarge(path: "a", bytesMax: 1 << 20))
        #expect(error(bomb, ZipLimits(entryBytesMax: 20 << 20, ratioMax: 2000)) == nil)
    }

    @Test("headers that lie about length or checksum are refused")
    func refusesLies() {
        var short = Entry("a", "12345")
        short.saidBytes = 2
        var wrong = Entry("a", "12345")
        wrong.saidCRC = 7
        for entry in [short, wrong] {
            guard case .damaged = error(entry) else {
                Issue.record("accepted: \(entry)")
                continue
            }
        }
    }

    @Test(
        "what is no zip is refused",
        arguments: ["", "PK", "sourcedId,status\n", "\u{1F}\u{8B}", "PK\u{3}\u{4}", "PK\u{5}\u{6}"])
    func refusesOther(content: String) { #expect(error(text(content)) == .notZip) }

    @Test("a zip cut anywhere is an error or its whole content, never a crash")
    func truncated() throws {
        let zip = try ZipWriter.pack([("a.csv", text(String(repeating: "x,y\n", count: 200))), ("b.csv", text("1"))])
        let whole = try ZipReader().read(zip)
        for count in 0..<zip.count {
            if let entries = try? ZipReader().read(Array(zip.prefix(count))) { #expect(entries == whole) }
        }
    }

    @Test("a zip with random changes, and random bytes, never crash", arguments: UInt64(0)..<30)
    func mutated(seed: UInt64) throws {
        var random = Random(seed: seed)
        let zip = try ZipWriter.pack([("a.csv", text("sourcedId,name\n1,é\n")), ("d/b.csv", text("1"))])
        for _ in 0..<50 {
            var bytes = zip
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let entries = try? ZipReader().read(bytes) { #expect(entries.count <= 2) }
            let noise = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? ZipReader().read([0x50, 0x4B, 3, 4] + noise + zip.suffix(22))
        }
    }
}
