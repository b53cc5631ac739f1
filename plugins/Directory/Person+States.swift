import DirectoryAPI
import ModuleKit

/// Why the state of a person does not change.
enum PersonRefusal: Error, Equatable {
    case state(Person.State)
}

extension PersonRefusal: StatusConvertible {
    var status: Status {
        switch self {
        case .state(let state):
            Status(
                .failedPrecondition, "PERSON_STATE",
                fr: "L'état de la personne ne le permet pas (\(state.rawValue)).",
                en: "The person's state does not allow it (\(state.rawValue)).", metadata: ["state": state.rawValue])
        }
    }
}

extension Person {
    /// What a suspension interrupts is kept beside it.
    static let suspension = Migration(
        "suspension",
        "ALTER TABLE directory_people ADD COLUMN suspended_from TEXT CHECK (suspended_from IN ('INVITED', 'ACTIVE'));")

    func suspend(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_people
               SET suspended_from = state, state = 'SUSPENDED', revision = revision + 1
             WHERE id = ?1
            """,
            name.person)
    }

    func reinstate(in db: Transaction) throws {
        try db.execute(
            """
            UPDATE directory_people
               SET state = COALESCE(suspended_from, 'ACTIVE'), suspended_from = NULL, revision = revision + 1
             WHERE id = ?1
            """,
            name.person)
    }
}
