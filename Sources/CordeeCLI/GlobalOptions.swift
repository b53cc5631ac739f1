import RPC

/// The options that every command knows, wherever they stand on the command line.
struct GlobalOptions: Equatable {
    var socket: String?
    var tokenFile: String?
    var trust = TrustFiles()
    var language: Language?
    var timeout: Duration?
    /// For a write: what the daemon carries it out once by.
    var idempotencyKey: String?
    /// JSON in place of a table: one line for each result.
    var isJSON = false
    /// The field to print alone, for scripts.
    var printed: String?
    /// The most results of a list; 0 for all.
    var limit: Int?
    var wantsHelp = false
    var wantsVersion = false

    /// Without dashes, in the order of the help.
    static let names = [
        "json", "print", "limit", "lang", "socket", "tls-ca", "tls-certificate", "tls-key", "token-file", "timeout",
        "idempotency-key", "help", "version",
    ]

    /// Whether a field cannot have a flag of this name.
    static func isReserved(_ name: String) -> Bool { names.contains(name) || name == "data" }

    /// Takes the options out of a command line, and leaves the words and the flags of the command.
    ///
    /// What stands behind "--" is left as it is.
    static func parse(_ arguments: [String]) throws(Failure) -> (GlobalOptions, rest: [String]) {
        var options = GlobalOptions()
        var rest: [String] = []
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--" {
                rest.append(word)
                rest += words
                break
            }
            let name =
                word == "-h" ? "help" : word.hasPrefix("--") ? String(word.dropFirst(2).prefix { $0 != "=" }) : ""
            guard names.contains(name) else {
                rest.append(word)
                continue
            }
            let inline = word.contains("=") ? String(word.drop { $0 != "=" }.dropFirst()) : nil
            if try options.takeSwitch(name, inline) { continue }
            guard let value = inline ?? words.popFirst() else { throw .usage(Texts.missingValue("--" + name)) }
            try options.take(name, value)
        }
        return (options, rest)
    }

    private mutating func takeSwitch(_ name: String, _ inline: String?) throws(Failure) -> Bool {
        guard ["json", "help", "version"].contains(name) else { return false }
        guard inline == nil else { throw .usage(Texts.takesNoValue("--" + name)) }
        switch name {
        case "json": isJSON = true
        case "help": wantsHelp = true
        default: wantsVersion = true
        }
        return true
    }

    private mutating func take(_ name: String, _ value: String) throws(Failure) {
        switch name {
        case "socket": socket = value
        case "token-file": tokenFile = value
        case "tls-ca": trust.authorities = value
        case "tls-certificate": trust.certificate = value
        case "tls-key": trust.key = value
        case "print": printed = value
        case "idempotency-key": idempotencyKey = value
        case "lang":
            guard let language = Language(rawValue: value.lowercased()) else {
                throw .usage(Texts.wrongValue("--lang", value, expected: "fr, en"))
            }
            self.language = language
        case "limit":
            guard let limit = Int(value), limit >= 0 else {
                throw .usage(Texts.wrongValue("--limit", value, expected: "0, 1, 2, …"))
            }
            self.limit = limit
        default:
            guard let timeout = DurationText.parse(value), timeout > .zero else {
                throw .usage(Texts.wrongValue("--timeout", value, expected: "500ms, 30s, 5m"))
            }
            self.timeout = timeout
        }
    }
}
