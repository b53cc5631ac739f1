import Glibc
import ModuleKit
import Threading

/// The file `erasures`: who was erased, by ids alone. It lies outside the database and no restore touches it, so an
/// erasure outlives each backup that was made before it.
///
/// One line for each: `1 TIME BOARD PERSON OFFICER MAC`, TIME in µs since 1970. MAC is HMAC-SHA256 over the MAC of the
/// line before and this line, under a key made from `secret.key`: a line that is altered, moved or left out in the
/// middle stops the start. A last line without its end was being written when the power went; nobody was told that it
/// holds, and it is cut off. What is cut off at the end the database still knows: see `Eraser.resume`.
final class ErasureLedger: Sendable {
    struct Entry: Sendable, Hashable {
        var at: Timestamp
        var board: String
        var person: String
        /// The id of the privacy officer who decided.
        var officer: String
    }

    private struct State {
        var entries: [Entry] = []
        var lastMAC = ""
        var byteCount = 0
    }

    private let path: String
    private let key: [UInt8]
    private let state: Lock<State>

    /// Reads the file; a missing one is an empty ledger. Called under the data lock.
    ///
    /// - Throws: `StartError.file` naming the line that is not what the daemon wrote.
    init(path: String, secret: [UInt8]) throws(StartError) {
        self.path = path
        key = hmacSHA256(secret, Array("cordee erasures v1".utf8))
        state = Lock(try Self.read(path, key))
    }

    var entries: [Entry] { state.withLock { $0.entries } }

    /// Writes an entry and returns once it is on disk; nothing happens if it is there.
    ///
    /// - Throws: UNAVAILABLE; the file is then as it was.
    func append(_ entry: Entry) throws {
        // The lock is held while the file is written: one writes at a time (the writer's thread), and nobody waits.
        try state.withLock { state in
            guard !state.entries.contains(where: { $0.person == entry.person }) else { return }
            let text = Self.text(of: entry)
            let mac = Self.mac(text, after: state.lastMAC, key)
            let line = Array("\(text) \(mac)\n".utf8)
            try write(line, at: state.byteCount)
            state.entries.append(entry)
            state.lastMAC = mac
            state.byteCount += line.count
        }
    }

    private func write(_ line: [UInt8], at offset: Int) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Status.ledgerFailing }
        defer { close(file) }
        guard pwrite(file, line, line.count, off_t(offset)) == line.count, fsync(file) == 0,
            offset > 0 || DataFolder.syncParent(of: path)
        else {
            ftruncate(file, off_t(offset))
            throw Status.ledgerFailing
        }
    }
}

// MARK: - Reading

extension ErasureLedger {
    private static func read(_ path: String, _ key: [UInt8]) throws(StartError) -> State {
        let bytes = try contents(of: path)
        var state = State()
        var rest = bytes[...]
        var number = 0
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            number += 1
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            // Blocks that never reached the disk read as zeros.
            if rest.isEmpty, line.contains(0) { break }
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
            guard let entry = entry(parts), let mac = parts.last,
                Self.mac(text(of: entry), after: state.lastMAC, key) == mac
            else { throw .file(path: path, reason: "line \(number) is not what the daemon wrote") }
            state.entries.append(entry)
            state.lastMAC = String(mac)
            state.byteCount = end + 1
        }
        if state.byteCount < bytes.count, truncate(path, off_t(state.byteCount)) != 0 {
            throw .file(path: path, reason: errnoText())
        }
        return state
    }

    private static func contents(of path: String) throws(StartError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return [] }
            throw .file(path: path, reason: errnoText())
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &part, part.count)
            guard count >= 0 else { throw .file(path: path, reason: errnoText()) }
            if count == 0 { return bytes }
            bytes += part.prefix(count)
        }
    }

    private static func entry(_ parts: [Substring]) -> Entry? {
        guard parts.count == 6, parts[0] == "1", let microseconds = Int64(parts[1]) else { return nil }
        return Entry(
            at: Timestamp(microseconds: microseconds), board: String(parts[2]), person: String(parts[3]),
            officer: String(parts[4]))
    }

    private static func text(of entry: Entry) -> String {
        "1 \(entry.at.microseconds) \(entry.board) \(entry.person) \(entry.officer)"
    }

    private static func mac(_ text: String, after last: String, _ key: [UInt8]) -> String {
        Hexadecimal.encode(hmacSHA256(key, Array("\(last)\n\(text)".utf8)))
    }
}

extension Status {
    /// The file of erasures cannot be written: nothing was erased.
    fileprivate static let ledgerFailing = Status(
        .unavailable, "STORE_FAILING",
        fr: "Le stockage est en panne : rien n'a été enregistré.", en: "The store fails: nothing was written.",
        retryDelay: .seconds(5))
}
