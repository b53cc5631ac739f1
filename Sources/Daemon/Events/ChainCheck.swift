import ModuleKit
import Store

/// What a look through the whole log found, and what it could not prove.
struct ChainReport: Sendable, Equatable {
    /// The first thing that is wrong; what comes after it cannot be judged.
    enum Finding: Sendable, Equatable {
        /// The row is not what was written there: it was altered, added or moved.
        case altered(sequence: Int64)
        /// Rows are missing from `first` up to the one before `next`.
        case missing(first: Int64, next: Int64)
        /// The beginning was cut off: the checkpoint that says so is not the daemon's.
        case forgedCheckpoint
        /// The personal part that lies beside the row is not what was written there.
        case partAltered(sequence: Int64)
        /// The log ends before a row that the anchor saw.
        case tailCut(last: Int64, anchor: Int64)
        /// The row that the anchor saw is another one.
        case notTheAnchored(sequence: Int64)
        /// A restore began a new log at `sequence`, without the rows up to the anchor's.
        case restoredSince(sequence: Int64, anchor: Int64)
    }

    var finding: Finding?
    /// Rows that were looked at and are as they were written.
    var rowCount: Int64 = 0
    /// The last of them.
    var head = ChainHead.genesis
    /// Whether an anchor shows that, up to it, nothing is missing at the end.
    var isAnchored = false
    /// Personal parts that are not there any more: erased.
    var erasedPartCount: Int64 = 0
}

/// Looks through the log, slice by slice: a slice is one short read, so a long log holds up no checkpoint.
struct ChainCheck: Sendable {
    let key: ChainKey
    let anchor: Anchor?
    private(set) var report = ChainReport()
    private var hasBegun = false
    /// The row at the anchor's place has been seen.
    private var anchorFits: Bool?
    /// Where the log of the newest id began, as the log says itself.
    private var beganAt: Int64 = 0

    init(key: ChainKey, anchor: Anchor?) { (self.key, self.anchor) = (key, anchor) }

    /// Looks at up to `limit` more rows.
    ///
    /// - Returns: whether there may be more to look at.
    mutating func step(limit: Int, in db: some Queryable) throws -> Bool {
        if !hasBegun {
            hasBegun = true
            guard try begin(in: db) else { return false }
        }
        let rows = try EventRow.after(report.head.sequence, limit: limit, in: db)
        for row in rows where report.finding == nil { try look(at: row, in: db) }
        guard report.finding == nil else { return false }
        if rows.count == limit { return true }
        try end(in: db)
        return false
    }

    private mutating func begin(in db: some Queryable) throws -> Bool {
        guard let checkpoint = try ChainCheckpoint.last(in: db) else { return true }
        guard checkpoint.isGenuine(by: key) else {
            report.finding = .forgedCheckpoint
            return false
        }
        report.head = checkpoint.head
        noteAnchor(checkpoint.head)
        return true
    }

    private mutating func look(at row: EventRow, in db: some Queryable) throws {
        let previous = report.head
        guard row.sequence == previous.sequence + 1 else {
            report.finding = .missing(first: previous.sequence + 1, next: row.sequence)
            return
        }
        guard row.mac == key.mac(of: row, after: previous.mac) else {
            report.finding = .altered(sequence: row.sequence)
            return
        }
        try lookAtPart(of: row, in: db)
        report.head = ChainHead(sequence: row.sequence, mac: row.mac)
        report.rowCount += 1
        noteAnchor(report.head)
        if row.logged.event.type == LogIdentity.beganType { beganAt = row.sequence }
    }

    private mutating func lookAtPart(of row: EventRow, in db: some Queryable) throws {
        guard !row.partDigest.isEmpty else { return }
        let digest = try db.first(
            "SELECT salt, part FROM system_event_parts WHERE seq = ?1", row.sequence
        ) { EventTable.digest(salt: try $0.get(0), part: try $0.get(1)) }
        if let digest {
            if digest != row.partDigest { report.finding = .partAltered(sequence: row.sequence) }
        } else {
            report.erasedPartCount += 1
        }
    }

    private mutating func noteAnchor(_ head: ChainHead) {
        if let anchor, anchor.head.sequence == head.sequence { anchorFits = anchor.head == head }
    }

    /// The rows themselves are in order: what does the anchor say?
    private mutating func end(in db: some Queryable) throws {
        guard let anchor else { return }
        if anchorFits == true || anchor.head.sequence == 0 {
            report.isAnchored = true
        } else if let log = try LogIdentity.current(in: db), log != anchor.log,
            beganAt > 0, anchor.head.sequence >= beganAt
        {
            report.finding = .restoredSince(sequence: beganAt, anchor: anchor.head.sequence)
        } else if anchorFits == false {
            report.finding = .notTheAnchored(sequence: anchor.head.sequence)
        } else if anchor.head.sequence > report.head.sequence {
            report.finding = .tailCut(last: report.head.sequence, anchor: anchor.head.sequence)
        }
        // Else the anchor is older than the first row that is kept: it can show nothing.
    }
}
