import Glibc

/// Writes a line of the report at once: who watches sees each measurement when it is there.
func say(_ line: String) {
    var line = line + "\n"
    line.withUTF8 { bytes in _ = write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
}

/// The middle of some measurements, and how far they lie apart: the first and the third quarter, since on a machine that
/// does other things too the lowest and the highest say more about those.
struct Spread: CustomStringConvertible {
    let median, lower, upper: Double

    init(_ values: [Double]) {
        let sorted = values.sorted()
        precondition(!sorted.isEmpty, "a spread of nothing")
        (lower, upper) = (sorted[sorted.count / 4], sorted[sorted.count - 1 - sorted.count / 4])
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    var description: String { text(digits: 2) }

    /// "1.88 (1.80–1.95)".
    func text(digits: Int) -> String {
        "\(median.rounded(to: digits)) (\(lower.rounded(to: digits))–\(upper.rounded(to: digits)))"
    }
}

extension Double {
    /// With so many digits after the point.
    func rounded(to digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int64((self * scale).rounded())
        guard digits > 0 else { return "\(whole)" }
        let text = String(abs(whole))
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (whole < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}

extension String {
    /// Filled up with blanks on the left.
    func right(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
    /// Filled up with blanks on the right.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
