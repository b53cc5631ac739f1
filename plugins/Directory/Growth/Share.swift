import DirectoryAPI
import ModuleKit

/// A person's will to show their levels to one other person, or in the counts of a school's team, for a time.
struct Share: Resource, Equatable {
    let name: ShareName
    /// The id of the person whose levels they are.
    let person: String
    /// The id of the person who may see them; nil for a team.
    let recipient: String?
    /// The id of the school in whose counts they are; nil for a person.
    let org: String?
    /// The identifiers of the competencies; none: all.
    let competencies: [String]
    /// Half-open: at that instant it is over.
    let until: Timestamp
    let createdAt: Timestamp

    enum Refusal: Error, Equatable {
        case tooMany(max: Int)
    }

    /// How long a share holds at most.
    static let longest = Duration.seconds(731 * 86_400)

    var belonging: Belonging {
        Belonging(board: name.board, person: person, sharedWith: recipient.map { [$0] } ?? [])
    }

    func covers(_ competency: String) -> Bool { competencies.isEmpty || competencies.contains(competency) }
}
