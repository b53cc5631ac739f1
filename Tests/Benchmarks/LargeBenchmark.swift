import TestKit

/// The same two reads of a small database and of a large one, by two daemons in turn.
struct LargeBenchmark {
    /// Registrations of the large one.
    let rows: Int
    let isQuick: Bool

    private static let registrationsEach = 100
    /// So many different workshops are asked for, all over the table.
    private static let askedCount = 2_000
    private static let shape = Shape(connections: 1, inFlight: 1)

    func run() async throws {
        say("a database of \(rows) registrations, beside one of \(Self.registrationsEach): 1 loop, 1×1")
        let small = try await founded(rows: Self.registrationsEach)
        let large = try await founded(rows: rows)
        try measure("GetWorkshop", small, large) { try $0.getWorkshop(named: $1) }
        try measure("ListRegistrations, 50", small, large) { try $0.listRegistrations(of: $1, pageSize: 50) }
        try await small.server.stop()
        try await large.server.stop()
    }

    private struct Subject {
        var server: ServerUnderTest
        var scene: Scene
        var workshops: [String]
    }

    private func measure(
        _ name: String, _ small: Subject, _ large: Subject, _ calls: (Scene, [String]) throws -> EncodedCalls
    ) throws {
        let count = isQuick ? 4_000 : 20_000
        var (samples, ratios): ([[Sample]], [Double]) = ([[], []], [])
        for _ in 0..<(isQuick ? 3 : 7) {
            for (index, subject) in [small, large].enumerated() {
                let encoded = try calls(subject.scene, subject.workshops)
                samples[index].append(
                    try Load.run(encoded, to: subject.server, Self.shape, warmUp: Self.askedCount, count: count))
            }
            ratios.append((samples[1].last?.p50 ?? 0) / (samples[0].last?.p50 ?? 1))
        }
        func told(_ samples: [Sample]) -> String {
            let (middle, cpu) = (Spread(samples.map(\.p50)), Spread(samples.map(\.cpuMicroseconds)))
            return "p50 \(middle.text(digits: 0)) µs, CPU \(cpu.text(digits: 0)) µs"
        }
        say("  " + name.left(23) + "small: \(told(samples[0])); large: \(told(samples[1]))")
        say("                         \(Spread(ratios)) times; goal: at most 2")
    }

    /// A daemon on a database with so many registrations, written into the file while no daemon has it open.
    private func founded(rows: Int) async throws -> Subject {
        let first = try ServerUnderTest(daemonIn: nil, loops: 1)
        try await first.ready()
        let scene = try await Scene.found(in: first, teachers: Self.registrationsEach)
        try await first.stop()
        let count = max(rows / Self.registrationsEach, 1)
        let database = "\(first.folder.path)/data/cordee.db"
        try Bare.execute(Self.sql(copies: count, of: String(scene.workshop.split(separator: "/")[3])), on: database)
        let server = try ServerUnderTest(daemonIn: first.folder, loops: 1)
        try await server.ready()
        let board = scene.workshop.split(separator: "/").prefix(2).joined(separator: "/")
        let asked = (0..<Self.askedCount).map { index in
            // A step that has no divisor in common with most counts goes all over the table.
            "\(board)/workshops/copy-\(Self.padded(index * 7_919 % count + 1))"
        }
        return Subject(server: server, scene: try await scene.reconnected(to: server), workshops: asked)
    }

    private static func padded(_ number: Int) -> String { String("\(100_000_000 + number)".dropFirst()) }

    /// Copies of a workshop with its sessions and facilitators; in each the same people, in another order.
    private static func sql(copies: Int, of workshop: String) -> String {
        """
        PRAGMA synchronous = OFF;
        PRAGMA cache_size = -400000;
        BEGIN;
        CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY, id TEXT NOT NULL);
        WITH RECURSIVE all_numbers (n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM all_numbers WHERE n < \(copies))
        INSERT INTO numbers SELECT n, printf('copy-%08d', n) FROM all_numbers;
        INSERT INTO workshops_workshops (
               id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max, taken,
               taken_by_remote, waiting, join_seq, start_at, end_at, revision, created_at)
        SELECT numbers.id, board_id, title, summary, mode, state, capacity, remote_reserve, waitlist_max,
               \(registrationsEach), 0, 0, \(registrationsEach), start_at + n, end_at + n, revision, created_at
          FROM workshops_workshops AS w, numbers
         WHERE w.id = '\(workshop)'
         ORDER BY n;
        INSERT INTO workshops_sessions (
               workshop_id, number, start_local, end_local, zone, start_at, end_at, room, conference_uri)
        SELECT numbers.id, number, start_local, end_local, zone, start_at, end_at, room, conference_uri
          FROM workshops_sessions AS s, numbers
         WHERE s.workshop_id = '\(workshop)'
         ORDER BY n;
        INSERT INTO workshops_facilitators (workshop_id, person_id, position)
        SELECT numbers.id, person_id, position
          FROM workshops_facilitators AS f, numbers
         WHERE f.workshop_id = '\(workshop)'
         ORDER BY n;
        CREATE TEMP TABLE people (k INTEGER PRIMARY KEY, id TEXT NOT NULL);
        INSERT INTO people (id)
        SELECT id FROM directory_people WHERE board_id = (
            SELECT board_id FROM workshops_workshops WHERE id = '\(workshop)') LIMIT \(registrationsEach);
        INSERT INTO workshops_registrations (
               id, workshop_id, person_id, state, is_remote, join_seq, revision, created_at)
        SELECT printf('copy-%08d-%04d', n, k), numbers.id, people.id, 'CONFIRMED', 0, k, 1, 1700000000000000
          FROM numbers, people
         ORDER BY n, k;
        COMMIT;
        PRAGMA wal_checkpoint(TRUNCATE);
        """
    }
}
