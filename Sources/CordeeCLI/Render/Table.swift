/// Rows of text in columns.
struct Table: Equatable {
    var headings: [String]
    var rows: [[String]]
    /// Columns of numbers, that end at one line.
    var rightAligned: Set<Int> = []
    /// Columns of resource names: long, and read by programs (`--print name`) more than by people, so they give way first,
    /// and from their beginning.
    var names: Set<Int> = []

    /// Columns that are cut stay at least so wide.
    private static let columnMin = 6
    private static let nameMin = 12
    private static let gap = "  "

    /// The lines, the headings first.
    ///
    /// - Parameter width: the columns to fit in; nil for no cutting.
    func lines(width: Int?) -> [String] {
        let widths = widths(width)
        return ([headings] + rows).map { row in
            var line = ""
            for (index, width) in widths.enumerated() {
                let whole = index < row.count ? row[index] : ""
                let isName = names.contains(index)
                let text = isName ? DisplayWidth.cutFront(whole, to: width) : DisplayWidth.cut(whole, to: width)
                if index > 0 { line += Self.gap }
                line += DisplayWidth.pad(text, to: width, isRight: rightAligned.contains(index))
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The widths of the columns: each as its widest text, or, where that is too wide in all, the names give way first,
    /// then of the others always the widest.
    private func widths(_ limit: Int?) -> [Int] {
        var widths = headings.indices.map { index in
            rows.reduce(DisplayWidth.of(headings[index])) { max($0, $1.count > index ? DisplayWidth.of($1[index]) : 0) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1) - limit
        let others = widths.indices.filter { !names.contains($0) }
        for (group, least) in [(names.sorted(), Self.nameMin), (others, Self.columnMin)] {
            while excess > 0, let widest = group.max(by: { widths[$0] < widths[$1] }), widths[widest] > least {
                // Down to the next widest in one step, so that a text of a megabyte costs no million steps.
                let next = group.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
                let step = min(excess, max(1, widths[widest] - max(next, least)))
                widths[widest] -= step
                excess -= step
            }
        }
        return widths
    }
}
