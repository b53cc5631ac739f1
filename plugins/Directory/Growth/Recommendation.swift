import ModuleKit

/// A thing that would help with needs, and why. The order of a list is a pure function of needs, levels and things:
/// gap covered descending, then earliest start, then id (DOMAIN §1).
struct Recommendation: Equatable, Sendable {
    /// A need whose target is above the person's level.
    struct Reason: Equatable, Sendable {
        /// The name of the need.
        var need: String
        /// The identifier of its competency.
        var competency: String
        /// How many levels are missing: above 0.
        var gap: Int

        init(need: String, competency: String, gap: Int) {
            (self.need, self.competency, self.gap) = (need, competency, gap)
        }

        /// Nil for a person who is at the target or above it: such a need asks for nothing.
        init?(need: String, competency: String, target: Int, level: Int) {
            guard target > level else { return nil }
            self.init(need: need, competency: competency, gap: target - level)
        }
    }

    var offering: Offering
    /// The needs that it helps with, in the order that they were given in.
    var reasons: [Reason]
    /// The gaps of all its competencies, summed.
    var gap: Int

    /// What helps, the best first: each offering once.
    static func ranked(_ offerings: [Offering], for needs: [Reason]) -> [Recommendation] {
        var seen: Set<String> = []
        return offerings.compactMap { offering -> Recommendation? in
            let reasons = needs.filter { offering.competencies.contains($0.competency) }
            guard !reasons.isEmpty, seen.insert(offering.name).inserted else { return nil }
            return Recommendation(offering: offering, reasons: reasons, gap: reasons.reduce(0) { $0 + $1.gap })
        }.sorted { $0.comes(before: $1) }
    }

    private func comes(before other: Recommendation) -> Bool {
        if gap != other.gap { return gap > other.gap }
        if offering.start != other.offering.start { return offering.start < other.offering.start }
        return offering.name.utf8.lexicographicallyPrecedes(other.offering.name.utf8)
    }
}
