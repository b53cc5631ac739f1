import DirectoryAPI
import ModuleKit

extension Event {
    /// "directory.board.founded.v1": a board that the daemon did not know.
    static func founded(_ board: Org) -> Event {
        Event("directory.board.founded.v1", board: board.name.board, subject: board.name.description, audience: .board)
    }

    /// "directory.roster.imported.v1": an import changed something in a board.
    static func rosterImported(into board: String) -> Event {
        Event(
            "directory.roster.imported.v1", board: board, subject: BoardName(board: board).description,
            audience: .board)
    }

    /// "directory.person.activated.v1": the first sign-in.
    static func activated(_ person: PersonName) -> Event {
        Event("directory.person.activated.v1", board: person.board, subject: person.description, person: person.person)
    }

    /// "directory.org.updated.v1".
    static func updated(_ org: Org) -> Event {
        Event("directory.org.updated.v1", board: org.name.board, subject: org.name.description, audience: .board)
    }

    /// "directory.person.updated.v1", "directory.person.suspended.v1", "directory.person.reinstated.v1".
    static func person(_ verb: String, _ person: PersonName) -> Event {
        Event(
            "directory.person.\(verb).v1", board: person.board, subject: person.description, person: person.person)
    }

    /// "directory.person.left.v1".
    static func left(_ person: PersonName) -> Event {
        Event("directory.person.left.v1", board: person.board, subject: person.description, person: person.person)
    }

    /// "directory.person.erased.v1": nothing personal is left.
    static func erased(_ person: PersonName) -> Event {
        Event("directory.person.erased.v1", board: person.board, subject: person.description, person: person.person)
    }

    /// "directory.assignment.changed.v1": a person works elsewhere, or as something else, than before.
    static func assignmentChanged(of person: PersonName) -> Event {
        Event(
            "directory.assignment.changed.v1", board: person.board, subject: person.description, person: person.person)
    }

    /// "directory.grant.changed.v1": a role was given or taken.
    static func changed(_ grant: Grant) -> Event {
        Event(
            "directory.grant.changed.v1", board: grant.name.board, subject: grant.name.description,
            person: grant.person.person)
    }
}
