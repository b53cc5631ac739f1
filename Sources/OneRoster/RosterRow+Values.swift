import Calendar

/// Values with a rule: nil when there is none, or when it breaks the rule, which is then told.
extension RosterRow {
    func report(_ fact: some RosterFact, _ column: String?, _ problems: inout ProblemList) {
        problems.add(fact, file: file, line: line, column: column)
    }

    /// A value that must be there.
    func required(_ column: String, _ problems: inout ProblemList) -> String? {
        if let value = self[column] { return value }
        report(ValueFact.requiredEmpty, column, &problems)
        return nil
    }

    /// A required value out of a list.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ column: String, of allowed: some Sequence<Choice>, _ problems: inout ProblemList
    ) -> Choice? {
        guard let value = required(column, &problems) else { return nil }
        let names = allowed.map(\.rawValue)
        if names.contains(value), let choice = Choice(rawValue: value) { return choice }
        report(ValueFact.badEnum(value, allowed: names.sorted()), column, &problems)
        return nil
    }

    /// `true` or `false`; nil when empty or wrong.
    func flag(_ column: String, _ problems: inout ProblemList) -> Bool? {
        guard let value = self[column] else { return nil }
        if let flag = Bool(value) { return flag }
        report(ValueFact.badEnum(value, allowed: ["true", "false"]), column, &problems)
        return nil
    }

    func date(_ column: String, _ problems: inout ProblemList) -> CivilDate? {
        guard let value = self[column] else { return nil }
        if let date = CivilDate(value) { return date }
        report(ValueFact.badDate(value), column, &problems)
        return nil
    }

    /// A part of a whole, 0 to 1; nil when empty or wrong.
    func share(_ column: String, _ problems: inout ProblemList) -> Double? {
        guard let value = self[column] else { return nil }
        if let share = Double(value), (0...1).contains(share) { return share }
        report(ValueFact.badShare, column, &problems)
        return nil
    }

    func email(_ column: String, _ problems: inout ProblemList) -> String? {
        guard let value = self[column] else { return nil }
        if EmailSyntax.isAddress(value) { return value }
        report(ValueFact.badEmail, column, &problems)
        return nil
    }

    /// Language tags (RFC 5646 in outline: 2 to 8 letters, then parts of 1 to 8 letters and digits), apart by `;`.
    func languages(_ column: String, _ problems: inout ProblemList) -> [String] {
        guard let value = self[column] else { return [] }
        let tags = value.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        if let wrong = tags.first(where: { !LanguageTagSyntax.isTag($0) }) {
            report(ValueFact.badLanguage(wrong), column, &problems)
            return []
        }
        return tags
    }
}

/// Language tags (RFC 5646) in outline.
public enum LanguageTagSyntax {
    public static func isTag(_ tag: String) -> Bool {
        let parts = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            ((index == 0 ? 2 : 1)...8).contains(part.count)
                && part.allSatisfy { byte in
                    let isLetter = (65...90).contains(byte & 0xDF)
                    return isLetter || index > 0 && (48...57).contains(byte)
                }
        }
    }
}
