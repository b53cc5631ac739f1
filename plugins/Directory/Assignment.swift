import ModuleKit

/// Where a person works, and as what (affectation). The org lies in the person's board.
struct Assignment: Equatable, Sendable {
    let id: String
    /// The person's id.
    let person: String
    /// The org's id.
    let org: String
    /// The roster's word: "teacher".
    let role: String
    /// Whether it is the main one: each member of the staff whom a roster knows has exactly one.
    var isPrimary: Bool
    let begin: CivilDate?
    var end: CivilDate?
}
