import Archive
@testable import OneRoster

/// An upload is read or refused, within the bounds that were set; what was read can be packed and read again.
///
/// An input that begins as a zip is one. Any other is the files themselves, each its name, a line feed and its content,
/// apart by the byte 0x1C: so the fuzzer reaches the rows without inventing checksums.
struct RosterSubject {
    private static let limits = ZipLimits(entriesMax: 16, totalBytesMax: 256 << 10, entryBytesMax: 128 << 10)
    private static let problemsMax = 20
    private let input: [UInt8]

    init(_ input: [UInt8]) { self.input = input }

    func run() throws {
        if input.starts(with: [0x50, 0x4B]) { try runArchive() } else { try runFiles() }
    }

    private func runArchive() throws {
        guard let entries = try? ZipReader(limits: Self.limits).read(input) else { return }
        try Finding.unless(entries.count <= Self.limits.entriesMax, "too many entries")
        try Finding.unless(
            entries.reduce(0) { $0 + $1.bytes.count } <= Self.limits.totalBytesMax, "more than may be unpacked")
        try Finding.unless(Set(entries.map(\.path)).count == entries.count, "a path comes twice")
        let parts = entries.flatMap { $0.path.split(separator: "/", omittingEmptySubsequences: false) }
        try Finding.unless(parts.allSatisfy { !["", ".", ".."].contains($0) }, "a path leads out")
        try repacked(entries)
        try read(Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0.bytes) }))
    }

    /// Below a second folder, so that one is taken off and nothing else.
    private func repacked(_ entries: [ArchiveEntry]) throws {
        guard !entries.isEmpty else { return }
        let packed = try ZipWriter.pack(entries.map { ("roster/" + $0.path, $0.bytes) })
        let again = try ZipReader(limits: ZipLimits(ratioMax: 1 << 20)).read(packed)
        try Finding.unless(again == entries, "packed again it is another")
    }

    private func runFiles() throws {
        var files: [String: [UInt8]] = [:]
        for part in input.split(separator: 0x1C, maxSplits: Self.limits.entriesMax) {
            let name = part.prefix { $0 != 0x0A }
            let content = Array(part.dropFirst(name.count + 1))
            files[String(decoding: name, as: UTF8.self)] = content
            try rewritten(content)
        }
        try read(files)
    }

    private func read(_ files: [String: [UInt8]]) throws {
        let reading = RosterReader(problemsMax: Self.problemsMax).read(files: files)
        let problems = reading.problems
        try Finding.unless(problems.count <= Self.problemsMax, "more problems than were asked for")
        try Finding.unless(problems == problems.sorted(), "problems without order")
        try Finding.unless(reading.omittedCount >= 0, "a count below 0")
        try Finding.unless(
            reading.omittedCount == 0 || problems.count == Self.problemsMax, "problems are kept back without need")
        // One more that lies behind the bound must not decide.
        let all = RosterReader(problemsMax: .max >> 2).read(files: files)
        try Finding.unless(all.problems.contains { !$0.isWarning } == (all.roster == nil), "errors and a roster")
        try Finding.unless(all.roster == reading.roster, "the bound of problems decides")
        try Finding.unless(Array(all.problems.prefix(problems.count)) == problems, "other problems")
        for org in all.roster?.orgs ?? [] { _ = all.roster?.board(of: org.sourcedID) }
    }

    /// The rows of any text, written with all their quotes, are the rows.
    private func rewritten(_ content: [UInt8]) throws {
        guard String(validating: content, as: UTF8.self) != nil else { return }
        let limits = CSVLimits(fieldBytesMax: 256, fieldsMax: 32, rowsMax: 64)
        guard let rows = try? Self.rows(content, limits) else { return }
        let lines = rows.map { $0.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") }
        let again = try Self.rows(Array(lines.joined(separator: "\r\n").utf8), limits)
        try Finding.unless(again.elementsEqual(rows) { $0.elementsEqual($1) { $0.utf8.elementsEqual($1.utf8) } }, "CSV")
    }

    private static func rows(_ content: [UInt8], _ limits: CSVLimits) throws -> [[String]] {
        var reader = CSVReader(content, limits: limits)
        var rows: [[String]] = []
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }
}
