import RPC
import TestSupport

/// `Tests/Fixtures/access-matrix.txt`: typed by hand, so that it can be held against what the daemon does.
struct AccessMatrix {
    /// One call that each role makes.
    struct Row {
        var path: String
        /// With words of `AccessScene` in braces.
        var request: String
        var scope: Scope
        /// By the names of the columns, in their order.
        var codes: [StatusCode]
        var line: Int
    }

    /// Whose things the request is about.
    enum Scope: String {
        /// Those of the callers' own board.
        case here
        /// Those of another board.
        case there
    }

    struct Malformed: Error, CustomStringConvertible {
        var line: Int
        var description: String { "access-matrix.txt:\(line)" }
    }

    private(set) var columns: [String] = []
    private(set) var rows: [Row] = []

    init() throws {
        let text = try Fixture.text("access-matrix.txt")
        var (path, request) = ("", "")
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if first == "columns" {
                columns = Array(words.dropFirst())
            } else if let scope = Scope(rawValue: first) {
                let codes = words.dropFirst().compactMap { Self.codes[$0] }
                guard codes.count == columns.count, words.count == columns.count + 1, !path.isEmpty else {
                    throw Malformed(line: index + 1)
                }
                rows.append(Row(path: path, request: request, scope: scope, codes: codes, line: index + 1))
            } else if line.hasPrefix("  ") {
                request = String(line.trimmingPrefix { $0 == " " })
            } else {
                path = first
            }
        }
    }

    private static let codes: [String: StatusCode] = [
        "ok": .ok, "UA": .unauthenticated, "PD": .permissionDenied, "NF": .notFound, "FP": .failedPrecondition,
        "AB": .aborted, "AE": .alreadyExists, "IA": .invalidArgument, "RE": .resourceExhausted, "OR": .outOfRange,
    ]
}
