/// Finds what a person may have meant.
enum Nearest {
    /// The candidate with the fewest changes of a letter from `word`, the first of several; nil when none is near: more
    /// than a third of the word (at least two letters) would have to change.
    static func match(_ word: String, among candidates: some Sequence<String>) -> String? {
        // Longer words are not mistyped names; the bound keeps the table below small.
        guard word.count <= 64 else { return nil }
        let limit = max(2, word.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate.count <= 64 {
            let distance = distance(Array(word), Array(candidate))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Levenshtein's distance, with a swap of two neighbours as one change.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
