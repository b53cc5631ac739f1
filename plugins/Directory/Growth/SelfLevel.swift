import DirectoryAPI
import ModuleKit

/// The level at which a person sees themselves in one competency (autoévaluation).
///
/// Nobody but the person sees it, until they share it; not their board's lead either.
struct SelfLevel: Resource, Equatable {
    let name: SelfLevelName
    /// The id of the person.
    let person: String
    /// The identifier of the competency.
    let competency: String
    var level: Int
    var evidence: [String]
    var updatedAt: Timestamp
    var revision: Int64 = 1
    /// The ids of the people whom it is shared with at the instant it was read for.
    var sharedWith: [String] = []

    var etag: Etag { Etag(revision: revision) }

    var belonging: Belonging { Belonging(board: name.board, person: person, sharedWith: sharedWith) }

    /// With the people who may see it as `shares` say.
    func shared(by shares: [Share]) -> SelfLevel {
        var level = self
        level.sharedWith = shares.filter { $0.covers(competency) }.compactMap(\.recipient)
        return level
    }

    mutating func set(_ level: Int, evidence: [String], at now: Timestamp) {
        guard level != self.level || evidence != self.evidence else { return }
        (self.level, self.evidence, updatedAt, revision) = (level, evidence, now, revision + 1)
    }
}
