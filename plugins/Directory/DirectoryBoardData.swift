import DirectoryAPI
import ModuleKit

/// What a board takes along of the directory.
enum DirectoryBoardData {
    static let all = BoardData(
        [
            BoardCollection("orgs", tables: ["directory_orgs"]) { board, after, limit, db in
                try db.query(
                    """
                    SELECT id FROM directory_orgs WHERE board_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
                    """,
                    board, after, limit
                ) { row in try row.get(0, String.self) }
            } record: { board, id, db in
                try Org.find(OrgName(board: board, org: id), in: db).map { API.Org($0) }
            },
            BoardCollection("people", tables: ["directory_people", "directory_assignments"]) {
                board, after, limit, db in
                try db.query(
                    """
                    SELECT id FROM directory_people WHERE board_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
                    """,
                    board, after, limit
                ) { row in try row.get(0, String.self) }
            } record: { _, id, db in
                try Person.find(id: id, in: db).map {
                    API.Person($0, assignments: try Assignment.list(person: id, in: db))
                }
            },
            BoardCollection("grants", tables: ["directory_grants"]) { board, after, limit, db in
                try db.query(
                    """
                    SELECT id FROM directory_grants WHERE board_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
                    """,
                    board, after, limit
                ) { row in try row.get(0, String.self) }
            } record: { board, id, db in
                try Grant.find(GrantName(board: board, grant: id), in: db).map { API.Grant($0) }
            },
            BoardCollection("frameworks", tables: ["directory_frameworks"]) { board, after, limit, db in
                try db.query(
                    """
                    SELECT id FROM directory_frameworks WHERE board_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
                    """,
                    board, after, limit
                ) { row in try row.get(0, String.self) }
            } record: { board, id, db in
                try Framework.find(FrameworkName(board: board, framework: id), in: db).map { API.Framework($0) }
            },
            BoardCollection("competencies", tables: ["directory_competencies", "directory_alignments"]) {
                board, after, limit, db in
                try db.query(
                    """
                    SELECT c.id
                      FROM directory_competencies AS c
                      JOIN directory_frameworks AS f ON f.id = c.framework_id
                     WHERE f.board_id = ?1 AND c.id > ?2
                     ORDER BY c.id
                     LIMIT ?3
                    """,
                    board, after, limit
                ) { row in try row.get(0, String.self) }
            } record: { board, id, db in
                try Competency.find(id: id, board: board, in: db).map { competency in
                    var message = API.Competency(competency)
                    message.alignments = try Alignment.list(of: competency.name, in: db).map {
                        API.Alignment($0, other: nil)
                    }
                    return message
                }
            },
        ],
        leftOut: GrowthRecords.leftOut + ImportStage.leftOut + [
            LeftOutTable(
                "directory_erased", fr: "Des marques de personnes effacées, sans valeur hors de cette installation.",
                en: "Marks of erased people, worth nothing outside of this installation.")
        ])
}
