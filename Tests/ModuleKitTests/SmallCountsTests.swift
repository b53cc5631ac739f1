import ModuleKit
import Testing

@Suite("small counts")
struct SmallCountsTests {
    @Test("a total of fewer than five tells nothing")
    func tooFew() {
        let small = SmallCounts()
        for parts in [[], [4], [1, 1, 1, 1], [0, 0]] { #expect(small.shown(parts) == nil) }
        #expect(small.shown([5, 0]) == [5, 0])
    }

    @Test("a hidden count is never told by the difference to the total", arguments: 0..<7)
    func complementary(first: Int) throws {
        let small = SmallCounts()
        for second in 0..<7 {
            for third in 0..<7 {
                for fourth in 0..<7 {
                    let parts = [first, second, third, fourth]
                    guard let shown = small.shown(parts) else {
                        #expect(parts.reduce(0, +) < 5)
                        continue
                    }
                    #expect(zip(parts, shown).allSatisfy { $1 == nil || $1 == $0 })
                    #expect(!shown.contains { $0.map { (1..<5).contains($0) } ?? false })
                    let hidden = zip(parts, shown).filter { $0.1 == nil }.map(\.0)
                    #expect(hidden.count != 1)
                    #expect(hidden.isEmpty || hidden.reduce(0, +) >= 5)
                }
            }
        }
    }

    @Test("what hides another is the smallest that will do")
    func hidesLittle() {
        #expect(SmallCounts().shown([2, 9, 6, 0]) == [nil, 9, nil, 0])
        #expect(SmallCounts().shown([2, 4, 8]) == [nil, nil, 8])
        #expect(SmallCounts().shown([4, 0, 0]) == nil)
        #expect(SmallCounts(k: 3).shown([2, 3, 3]) == [nil, nil, 3])
    }
}
