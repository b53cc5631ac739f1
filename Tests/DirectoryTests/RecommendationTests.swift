import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("recommendations")
struct RecommendationTests {
    @Test("the order is gap, then start, then id: as the best of what is left, taken one after the other")
    func matchesBruteForce() {
        var random = SplitMix(state: 7)
        for _ in 0..<500 {
            let needs = (0..<Int(random.next() % 4)).compactMap { number in
                Recommendation.Reason(
                    need: "n\(number)", competency: "c\(random.next() % 5)", target: 1 + Int(random.next() % 4),
                    level: Int(random.next() % 5))
            }
            let offerings = (0..<Int(random.next() % 8)).map { _ in
                Offering(
                    name: "w\(random.next() % 6)", title: TextByLanguage([:]),
                    competencies: Set((0..<Int(random.next() % 4)).map { _ in "c\(random.next() % 5)" }),
                    start: Timestamp(seconds: Int64(random.next() % 3)))
            }
            let ranked = Recommendation.ranked(offerings, for: needs).map(\.offering.name)
            #expect(ranked == Self.bruteForce(offerings, needs))
        }
    }

    @Test("who is at the target or above it is proposed nothing for that need", arguments: 0...4)
    func asksForNothing(level: Int) {
        for target in 1...4 {
            let reason = Recommendation.Reason(need: "n", competency: "c", target: target, level: level)
            #expect((reason != nil) == (level < target))
            #expect(reason.map(\.gap) == (level < target ? target - level : nil))
        }
    }

    @Test("each thing comes with its needs and their gaps, once")
    func saysWhy() throws {
        let needs = [
            Recommendation.Reason(need: "n1", competency: "a", gap: 3),
            Recommendation.Reason(need: "n2", competency: "b", gap: 1),
        ]
        let both = Offering(
            name: "w", title: TextByLanguage([:]), competencies: ["a", "b", "z"], start: Timestamp(seconds: 1))
        let items = Recommendation.ranked([both, both], for: needs)
        #expect(items == [Recommendation(offering: both, reasons: needs, gap: 4)])
    }

    /// Takes the best of what is left, again and again, by comparing all with all.
    private static func bruteForce(_ offerings: [Offering], _ needs: [Recommendation.Reason]) -> [String] {
        func gap(_ offering: Offering) -> Int {
            needs.map { offering.competencies.contains($0.competency) ? $0.gap : 0 }.reduce(0, +)
        }
        var left: [Offering] = []
        for offering in offerings where gap(offering) > 0 && !left.contains(where: { $0.name == offering.name }) {
            // Of two with one name, the first that helps counts.
            left.append(offering)
        }
        var names: [String] = []
        while let best = left.indices.first(where: { candidate in
            left.indices.allSatisfy { other in
                let (one, two) = (left[candidate], left[other])
                if gap(one) != gap(two) { return gap(one) > gap(two) }
                return one.start == two.start ? one.name <= two.name : one.start < two.start
            }
        }) {
            names.append(left.remove(at: best).name)
        }
        return names
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
