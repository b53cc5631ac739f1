import ModuleKit
import Store

/// The end of the log at some instant, written down where whoever can change the database cannot change it: in the log
/// of the service, on paper, in another building. With it a tail that was cut off later is found.
///
/// Its text is one line, `cordee-anchor log=… seq=… mac=… at=…`, which may stand anywhere within a line of a log.
struct Anchor: Sendable, Hashable {
    /// The log's id: a restored database begins a new log.
    var log: String
    var head: ChainHead

    static let word = "cordee-anchor"

    init(log: String, head: ChainHead) { (self.log, self.head) = (log, head) }

    var text: String { "\(Self.word) log=\(log) seq=\(head.sequence) mac=\(Hexadecimal.encode(head.mac))" }

    /// That of a database as it is; nil if no daemon with a chain has opened it yet.
    static func current(in db: some Queryable) throws -> Anchor? {
        guard let log = try LogIdentity.current(in: db) else { return nil }
        return Anchor(log: log, head: try EventTable.head(in: db))
    }

    /// The last anchor in a text: a line of its own, or a whole log file.
    init?(lastIn text: String) {
        for line in text.split(whereSeparator: \.isNewline).reversed() where line.contains(Self.word) {
            if let anchor = Anchor(line: line) {
                self = anchor
                return
            }
        }
        return nil
    }

    private init?(line: Substring) {
        var values: [Substring: Substring] = [:]
        for word in line.split(whereSeparator: { $0 == " " || $0 == "\"" || $0 == "," }) {
            guard let equals = word.firstIndex(of: "=") else { continue }
            values[word[..<equals]] = word[word.index(after: equals)...]
        }
        guard let log = values["log"], let sequence = values["seq"].flatMap({ Int64($0) }), sequence >= 0,
            let mac = values["mac"].flatMap(Hexadecimal.decode), mac.count == 32
        else { return nil }
        self.init(log: String(log), head: ChainHead(sequence: sequence, mac: mac))
    }
}
