import ModuleKit

/// The secret that chains the log of events: each row's code is an HMAC-SHA256 (RFC 2104) over the code of the row
/// before and all that the row says.
///
/// Who alters, adds, moves or takes away a row inside the log has to compute codes anew, and cannot without the key,
/// which lies outside the database. Only a tail that is cut off leaves no trace: an `Anchor` shows that.
struct ChainKey: Sendable {
    private let bytes: [UInt8]

    /// - Parameter bytes: 32 random bytes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The code of a row, given that of the row before.
    func mac(of row: EventRow, after previous: [UInt8]) -> [UInt8] {
        var message = ChainMessage("event")
        message.add(previous)
        message.add(row.sequence)
        message.add(row.logged.at.microseconds)
        let event = row.logged.event
        for text in [event.type, row.logged.actor ?? "", event.board, event.subject, event.person ?? ""] {
            message.add(text)
        }
        message.add(event.audience.rawValue)
        message.add(event.payload)
        message.add(row.partDigest)
        return code(message)
    }

    /// The signature of a checkpoint: see `ChainCheckpoint`.
    func signature(of head: ChainHead, at instant: Timestamp) -> [UInt8] {
        var message = ChainMessage("checkpoint")
        message.add(head.sequence)
        message.add(head.mac)
        message.add(instant.microseconds)
        return code(message)
    }

    private func code(_ message: ChainMessage) -> [UInt8] {
        hmacSHA256(bytes, message.bytes)
    }
}

/// The end of the log, or of a part of it: the last row's place and code.
struct ChainHead: Sendable, Hashable {
    var sequence: Int64
    var mac: [UInt8]

    /// Before the first row.
    static let genesis = ChainHead(sequence: 0, mac: [UInt8](repeating: 0, count: 32))
}

/// Bytes that can be read in one way only: a word for what they are, then each part behind its length.
private struct ChainMessage {
    private(set) var bytes: [UInt8] = []

    init(_ kind: String) {
        bytes.reserveCapacity(256)
        add(kind)
    }

    mutating func add(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) } }

    mutating func add(_ part: [UInt8]) {
        add(Int64(part.count))
        bytes.append(contentsOf: part)
    }

    mutating func add(_ text: String) {
        add(Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}
