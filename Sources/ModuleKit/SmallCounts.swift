/// Hides counts of so few people that one could be recognised, and others with them, so that what is hidden is not told
/// by the difference to the total (complementary suppression).
public struct SmallCounts: Sendable {
    /// The least number of people that a count may tell of.
    public let k: Int

    public init(k: Int = 5) { self.k = max(k, 1) }

    /// Whether a count by itself, without a total that it is part of, may be told.
    public func shows(_ count: Int) -> Bool { count >= k }

    /// The parts of a total that is told with them; nil for those that are hidden. Nil for all if the total is too
    /// small itself.
    ///
    /// A part of nobody is told, unless it has to hide another. What is hidden is at least two parts, and k people in
    /// all: their sum, which the total tells, is then no small count either.
    public func shown(_ parts: [Int]) -> [Int?]? {
        guard shows(parts.reduce(0, +)) else { return nil }
        var hidden = Set(parts.indices.filter { parts[$0] > 0 && parts[$0] < k })
        guard !hidden.isEmpty else { return parts }
        // The smallest of the others go with them; those of nobody last, since they hide little.
        let others = parts.indices.filter { !hidden.contains($0) }
            .sorted { (parts[$0] == 0 ? .max : parts[$0], $0) < (parts[$1] == 0 ? .max : parts[$1], $1) }
        for index in others {
            guard hidden.count < 2 || hidden.reduce(0, { $0 + parts[$1] }) < k else { break }
            hidden.insert(index)
        }
        return parts.indices.map { hidden.contains($0) ? nil : parts[$0] }
    }
}
