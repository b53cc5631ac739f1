import Calendar

/// The forms that `(cordee.api.v1.rules).format` names.
enum Forms {
    /// Whether a text has the form. What a text names may still not exist: a zone, a mailbox.
    static func fits(_ text: String, _ format: CordeeAPI_Format) -> Bool {
        switch format {
        case .languageTag, .localizedText: LanguageTag(text) != nil
        case .localDateTime: LocalDateTime(text) != nil
        case .timeZone: TimeZoneCatalog.isName(text)
        case .email: isEmail(text)
        case .unspecified, .UNRECOGNIZED: true
        }
    }

    /// `local@domain` as rosters write it: RFC 5321 §4.5.3.1 bounds its length, and no quoted local part, no address
    /// in brackets, no spaces.
    static func isEmail(_ text: String) -> Bool {
        let parts = text.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].count) else { return false }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace
                && !"<>()[]\\,;:\"".unicodeScalars.contains(scalar) && scalar.properties.generalCategory != .control
        }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return isClean && labels.count >= 2 && labels.allSatisfy { !$0.isEmpty && $0.first != "-" && $0.last != "-" }
    }
}
