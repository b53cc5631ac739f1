import FoundationEssentials

/// What was counted when the file was written, and how much more is accepted: `Thresholds/echo.json`.
struct Thresholds: Decodable {
    struct Threshold: Decodable {
        let value: Double
        /// More than `value` by at most this is accepted.
        let tolerance: Double
        /// Why the value is what it is, and why it may move by so much.
        let reason: String
    }

    let echo: [String: Threshold]

    static func read() throws -> Thresholds {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Thresholds/echo.json")
        return try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: path))
    }

    /// Shows each count beside its threshold.
    ///
    /// - Returns: whether all are kept.
    func check(_ counts: [CountedEcho.Count: Double]) throws -> Bool {
        var areKept = true
        for count in CountedEcho.Count.allCases {
            guard let value = counts[count], let threshold = echo[count.rawValue] else {
                throw BenchmarkError("no threshold for \(count.rawValue)")
            }
            let most = threshold.value + threshold.tolerance
            let isKept = value <= most
            areKept = areKept && isKept
            let verdict =
                isKept ? value < threshold.value - threshold.tolerance ? "lower: take it over" : "kept" : "BROKEN"
            say(
                "  " + count.rawValue.left(26) + value.rounded(to: 2).right(9)
                    + "   at most \(most.rounded(to: 2))   \(verdict)")
        }
        return areKept
    }
}
