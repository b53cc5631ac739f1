import TestSupport
import Testing

@testable import CordeeCLI

@Suite("tables fit where they are shown")
struct TableTests {
    @Test(
        "a random table is never wider than the terminal, as long as each column can have its least",
        arguments: UInt64(0)..<200)
    func fits(seed: UInt64) {
        var random = Random(seed: seed)
        let letters = ["a", "é", "漢", " ", "e\u{301}", "👩‍🏫", "z"]
        func text(_ max: UInt64) -> String {
            (0..<random.next() % (max + 1)).map { _ in letters[Int(random.next() % 7)] }.joined()
        }
        let count = Int(random.next() % 6) + 1
        let rows = (0..<4).map { _ in (0..<count).map { _ in text(40) } }
        let table = Table(
            headings: (0..<count).map { _ in text(12) }, rows: rows, rightAligned: [0], names: [count - 1])
        let width = 12 + 8 * count + Int(random.next() % 60)
        let lines = table.lines(width: width)
        #expect(lines.count == 5)
        for line in lines { #expect(DisplayWidth.of(line) <= width) }
        // Nothing is cut where nothing has to be.
        let whole = table.lines(width: nil)
        if whole.allSatisfy({ DisplayWidth.of($0) < width - 60 }) { #expect(lines == whole) }
        #expect(!whole.contains { $0.contains("…") })
    }

    @Test("names give way first, and keep their ends; then the widest column")
    func giveWay() {
        let table = Table(
            headings: ["TITLE", "N", "NAME"], rows: [["a long enough title", "7", "boards/b/things/0123456789"]],
            rightAligned: [1], names: [2])
        #expect(
            table.lines(width: 40) == ["TITLE                N  NAME", "a long enough title  7  …ings/0123456789"])
        #expect(table.lines(width: 30) == ["TITLE          N  NAME", "a long enoug…  7  …/0123456789"])
    }

    @Test("a row that lacks cells and a table of nothing are shown")
    func short() {
        #expect(Table(headings: ["A", "B"], rows: [["x"], []]).lines(width: 10) == ["A  B", "x", ""])
        #expect(Table(headings: [], rows: []).lines(width: 10) == [""])
    }
}
