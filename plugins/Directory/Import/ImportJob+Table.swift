import DirectoryAPI
import ModuleKit

extension ImportJob {
    static func find(id: String, in db: some Queryable) throws -> ImportJob? {
        try db.first(
            """
            SELECT id, board_id, boards, version, mode, state, counts, problem_count, created_at, applied_at,
                   revert_until, has_erased, reverts
              FROM directory_imports
             WHERE id = ?1
            """,
            id
        ) { row in try ImportJob(row) }
    }

    /// Nil too for what is no import of its own.
    static func find(_ name: ImportJobName, in db: some Queryable) throws -> ImportJob? {
        guard let job = try find(id: name.importJob, in: db), job.name == name, job.reverts == nil else { return nil }
        return job
    }

    /// The imports of a board that come after a place in the list: in the order of their beginning.
    static func list(
        board: String, after: PageKey<Timestamp>, limit: Int, in db: some Queryable
    ) throws -> [ImportJob] {
        try db.query(
            """
            SELECT id, board_id, boards, version, mode, state, counts, problem_count, created_at, applied_at,
                   revert_until, has_erased, reverts
              FROM directory_imports                                  -- index: directory_imports_by_board
             WHERE board_id = ?1 AND id > ?2 AND reverts IS NULL
             ORDER BY id
             LIMIT ?3
            """,
            board, after.id, limit
        ) { row in try ImportJob(row) }
    }

    /// The imports that were applied after another one and have not been taken back.
    static func applied(after job: ImportJob, in db: some Queryable) throws -> [ImportJob] {
        try db.query(
            """
            SELECT id, board_id, boards, version, mode, state, counts, problem_count, created_at, applied_at,
                   revert_until, has_erased, reverts
              FROM directory_imports
             WHERE state = 'APPLIED' AND reverts IS NULL AND (applied_at > ?1 OR applied_at = ?1 AND id > ?2)
            """,
            job.appliedAt, job.name.importJob
        ) { row in try ImportJob(row) }
    }

    func insert(by person: String?, in db: Transaction) throws {
        try db.execute(
            """
            INSERT INTO directory_imports (
                id, board_id, boards, version, mode, state, counts, problem_count, started_by, created_at, reverts)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            name.importJob, name.board, boards.joined(separator: ";"), version, mode, state, counts.text,
            problemCount, person, createdAt, reverts)
    }

    /// Writes what may change.
    func save(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_imports
               SET state = ?2, counts = ?3, problem_count = ?4, applied_at = ?5, revert_until = ?6
             WHERE id = ?1
            """,
            name.importJob, state, counts.text, problemCount, appliedAt, revertUntil)
    }

    func insert(_ problems: [ImportProblem], in db: Transaction) throws {
        for (place, problem) in problems.enumerated() {
            try db.execute(
                """
                INSERT INTO directory_import_problems (
                    import_id, place, code, file, line, column_name, text_fr, text_en)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                name.importJob, place, problem.code, problem.file, problem.line, problem.column, problem.text.fr,
                problem.text.en)
        }
    }

    func problems(in db: some Queryable) throws -> [ImportProblem] {
        guard problemCount > 0 else { return [] }
        return try db.query(
            """
            SELECT code, file, line, column_name, text_fr, text_en
              FROM directory_import_problems
             WHERE import_id = ?1
             ORDER BY place
            """,
            name.importJob
        ) { row in
            ImportProblem(
                code: try row.get(0), file: try row.get(1), line: try row.get(2), column: try row.get(3),
                text: LocalizedText(fr: try row.get(4), en: try row.get(5)))
        }
    }

    private init(_ row: borrowing Row) throws {
        name = ImportJobName(board: try row.get(1), importJob: try row.get(0))
        boards = try row.get(2, String.self).split(separator: ";").map(String.init)
        version = try row.get(3)
        mode = try row.get(4)
        state = try row.get(5)
        counts = ImportTotals(text: try row.get(6))
        problemCount = try row.get(7)
        createdAt = try row.get(8)
        appliedAt = try row.get(9)
        revertUntil = try row.get(10)
        hasErased = try row.get(11)
        reverts = try row.get(12)
    }
}
