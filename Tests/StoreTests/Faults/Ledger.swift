import Store
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the caller of each write was told, while the power was on, and what must hence be found in the database.
final class Ledger: Sendable {
    private let disk: FaultyDisk
    private let told = Lock<[Int: Result<Void, StoreError>]>([:])

    init(_ disk: FaultyDisk) { self.disk = disk }

    /// The answer to a write. What is answered once the power is off, nobody hears.
    func answered(_ id: Int, _ result: Result<Void, any Error>) {
        if disk.isCut { return }
        // Its own refusal is as good as any: the body failed.
        told.withLock { $0[id] = result.mapError { $0 as? StoreError ?? .cancelled } }
    }

    /// The ids of the writes that were acked.
    var acked: Set<Int> { ids { if case .success = $0 { true } else { false } } }

    /// The ids of the writes of which nothing must be there.
    var failed: Set<Int> { ids { if case .failure(let error) = $0 { error != .commitUnknown } else { false } } }

    /// What writes were told beside success and `cancelled`, which stands for their own refusal.
    var errors: [Int: StoreError] {
        told.withLock { told in
            told.compactMapValues {
                if case .failure(let error) = $0, error != .cancelled { error } else { nil }
            }
        }
    }

    private func ids(_ isWanted: (Result<Void, StoreError>) -> Bool) -> Set<Int> {
        told.withLock { told in Set(told.filter { isWanted($0.value) }.keys) }
    }

    /// What of the database contradicts what was told; empty when all is well.
    func contradictions(in db: some Queryable) throws -> [String] {
        let survey = try Survey(db)
        var found = survey.halves
        for id in acked.subtracting(survey.ids).sorted() { found.append("lost: \(id)") }
        for id in failed.intersection(survey.ids).sorted() { found.append("kept though it failed: \(id)") }
        return found
    }
}

/// A write that changes several tables at once, so that a half of it would show.
enum Deed {
    static let schema = ModuleMigrations(
        module: "test",
        migrations: [
            Migration(
                "1-deeds",
                """
                CREATE TABLE test_left (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
                CREATE TABLE test_right (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
                CREATE TABLE test_last (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, deed INTEGER NOT NULL,
                    bytes BLOB NOT NULL) STRICT;
                INSERT INTO test_last (id, n, deed, bytes) VALUES (1, 0, 0, x'');
                """)
        ])

    /// The blob of a deed, unlike that of its neighbours and unlike what was never written.
    static func bytes(_ id: Int, count: Int) -> [UInt8] { [UInt8](repeating: UInt8(id % 251 + 1), count: count) }

    /// Whether these are its bytes; `==` costs a hundred times as much in a debug build.
    static func isWhole(_ found: [UInt8], _ id: Int, count: Int) -> Bool {
        found.count == count && memcmp(found, bytes(id, count: count), count) == 0
    }

    /// The blobs of the three tables: in the row, on a page of their own, over several pages.
    static let (leftCount, rightCount, lastCount) = (700, 5000, 9000)

    /// - Parameter isRefused: it throws when everything is written but the last row.
    static func run(_ id: Int, isRefused: Bool, _ db: Transaction) throws {
        try db.execute("INSERT INTO test_left (id, bytes) VALUES (?1, ?2)", id, bytes(id, count: leftCount))
        try db.execute(
            "UPDATE test_last SET n = n + 1, deed = ?1, bytes = ?2 WHERE id = 1", id, bytes(id, count: lastCount))
        if isRefused { throw Refusal() }
        try db.execute("INSERT INTO test_right (id, bytes) VALUES (?1, ?2)", id, bytes(id, count: rightCount))
    }
}

/// What a database holds of all deeds.
struct Survey {
    let ids: Set<Int>
    /// Signs of a deed that is there in part, or more than once.
    private(set) var halves: [String] = []

    init(_ db: some Queryable) throws {
        let left = try db.query("SELECT id, bytes FROM test_left", map: Self.whole(Deed.leftCount))
        let right = try db.query("SELECT id, bytes FROM test_right", map: Self.whole(Deed.rightCount))
        ids = Set(left.map(\.id))
        if left.contains(where: { !$0.isWhole }) || right.contains(where: { !$0.isWhole }) { halves.append("bytes") }
        if ids != Set(right.map(\.id)) { halves.append("left \(ids.sorted()), right \(right.map(\.id).sorted())") }
        let last = try db.first("SELECT n, deed, bytes FROM test_last WHERE id = 1") { row in
            (n: try row.get(0, Int.self), deed: try row.get(1, Int.self), bytes: try row.get(2, [UInt8].self))
        }
        guard let last else {
            halves.append("no last row")
            return
        }
        if last.n != ids.count { halves.append("\(last.n) deeds counted, \(ids.count) there") }
        if last.deed != ids.max() ?? 0 { halves.append("last deed \(last.deed), highest \(ids.max() ?? 0)") }
        if last.deed != 0 && !Deed.isWhole(last.bytes, last.deed, count: Deed.lastCount) { halves.append("last bytes") }
    }

    private static func whole(_ count: Int) -> (borrowing Row) throws -> (id: Int, isWhole: Bool) {
        { row in
            let id = try row.get(0, Int.self)
            return (id, Deed.isWhole(try row.get(1, [UInt8].self), id, count: count))
        }
    }
}
