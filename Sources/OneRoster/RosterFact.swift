/// Something that can be wrong, with what a sentence about it needs: one case each, in four enums by what it concerns.
///
/// Values of the files are quoted only where the sentence is of no use without, and cut short; never names or addresses.
protocol RosterFact {
    /// The stable code and the sentence in both languages.
    var told: Told { get }
}

/// A code and its sentence.
struct Told {
    var code: RosterProblem.Code
    var french: String
    var english: String

    init(_ code: RosterProblem.Code, _ french: String, _ english: String) {
        (self.code, self.french, self.english) = (code, french, english)
    }
}

extension RosterFact {
    /// At most 40 characters, control characters replaced: texts of a file end up in terminals and logs.
    func short(_ value: String) -> String {
        var text = ""
        for (index, scalar) in value.unicodeScalars.enumerated() {
            if index == 40 { return text + "…" }
            text.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return text
    }

    func short(_ values: [String]) -> String { values.prefix(10).map(short).joined(separator: ", ") }
}
