import ModuleKit

/// Where a person works, and as what (affectation). The org lies in the person's board but for a secondment.
struct Assignment: Equatable, Sendable {
    let id: String
    /// What the roster calls it; nil for what no roster named, or only one of version 1.1.
    var sourceID: String?
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
    /// The part of a full post, 0 to 1; nil if nobody said.
    var share: Double?
    /// Whether it lies in another board on purpose (détachement, prêt de service).
    var isSecondment = false
}
