import Glibc
public import ModuleKit
import Store

/// `cordeed audit verify`: looks through the log of a database, whether a daemon serves it, is stopped, or it is a copy.
public struct AuditTool: Sendable {
    private let language: Language

    public init(language: Language) { self.language = language }

    /// - Parameters:
    ///   - database: the file.
    ///   - key: the file of the chain's key.
    ///   - anchor: a file with an anchor: its last one counts.
    /// - Returns: what to say, and whether the log is intact.
    /// - Throws: `StartError`, `StoreError`, when something cannot be read.
    public func verify(database: String, key: String, anchor: String?) throws -> (text: String, isIntact: Bool) {
        guard let bytes = try SecretFile(path: key).read() else { throw StartError.auditKey(path: key) }
        var expected: Anchor?
        if let anchor {
            expected = Anchor(lastIn: try Self.text(of: anchor))
            guard expected != nil else { throw StartError.file(path: anchor, reason: "no anchor in it") }
        }
        let reader = try Store.reading(database)
        var check = ChainCheck(key: ChainKey(bytes), anchor: expected)
        while try check.step(limit: 5_000, in: reader) {}
        let report = check.report
        let log = try LogIdentity.current(in: reader) ?? ""
        var lines = [ChainText(report: report, anchor: expected).sentence[language]]
        if report.finding == nil { lines.append(Anchor(log: log, head: report.head).text) }
        return (lines.joined(separator: "\n"), report.finding == nil)
    }

    private static func text(of path: String) throws(StartError) -> String {
        guard let file = fopen(path, "r") else { throw .file(path: path, reason: errnoText()) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { break }
            // The last anchor counts: of a log that is long only the end need be held.
            bytes = Array((bytes + part.prefix(count)).suffix(1 << 20))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
