/// How one name is written in proto, JSON and at the command line.
enum Naming {
    /// "CreateToken" and "create_token" → "create-token"; "GetHTTPInfo" → "get-http-info".
    static func kebab(_ name: some StringProtocol) -> String {
        let characters = Array(name)
        var result = ""
        for (index, character) in characters.enumerated() {
            if character == "_" || character == "-" {
                if !result.isEmpty, result.last != "-" { result.append("-") }
                continue
            }
            if character.isUppercase, index > 0, result.last != "-" {
                let follows = !characters[index - 1].isUppercase
                let ends = index + 1 < characters.count && characters[index + 1].isLowercase
                if follows || ends { result.append("-") }
            }
            result += character.lowercased()
        }
        return result
    }

    /// "start-local" and "start_local" → "startLocal", as protobuf-JSON names fields.
    static func camel(_ name: some StringProtocol) -> String {
        var result = ""
        var isUpper = false
        for character in name {
            if character == "_" || character == "-" {
                isUpper = true
            } else {
                result += isUpper ? character.uppercased() : String(character)
                isUpper = false
            }
        }
        return result
    }

    /// The singular of an English plural in kebab case ("entries" → "entry"); nil for a word that does not look like one.
    static func singular(_ name: String) -> String? {
        if name.hasSuffix("ies"), name.count > 4 { return name.dropLast(3) + "y" }
        for ending in ["sses", "xes", "ches", "shes"] where name.hasSuffix(ending) { return String(name.dropLast(2)) }
        guard name.hasSuffix("s"), !name.hasSuffix("ss"), !name.hasSuffix("us"), name.count > 2 else { return nil }
        return String(name.dropLast())
    }

    /// "cordee.system.v1.Info" → "Info".
    static func lastPart(of fullName: String) -> String {
        String(fullName.split(separator: ".").last ?? "")
    }

    /// ".cordee.system.v1.Info", as descriptors refer to types, without its dot.
    static func withoutDot(_ name: String) -> String {
        name.hasPrefix(".") ? String(name.dropFirst()) : name
    }
}

extension Naming {
    /// "in-person" → "IN_PERSON", as enums name their values.
    static func screaming(_ name: some StringProtocol) -> String {
        String(name.map { $0 == "-" || $0 == " " ? "_" : $0 }).uppercased()
    }

    /// Without spaces at both ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }

    /// Whether a text could be a field's name.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
