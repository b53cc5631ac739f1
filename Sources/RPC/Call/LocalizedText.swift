/// A text for people in the two languages that Cordée speaks.
public struct LocalizedText: Sendable, Hashable {
    public var fr: String
    public var en: String

    public init(fr: String, en: String) { (self.fr, self.en) = (fr, en) }

    /// The text in a language.
    public subscript(language: Language) -> String {
        switch language {
        case .fr: fr
        case .en: en
        }
    }
}

/// The languages of Cordée's own texts; French is the default.
public enum Language: String, Sendable, CaseIterable {
    case fr, en

    /// The first language of an `accept-language` list (RFC 4647 §3.4, lookup) that Cordée speaks, French if none.
    ///
    /// Weights are honoured only by their order: the list is read from left to right, as all known clients write it.
    public static func lookup(acceptLanguage list: String) -> Language {
        for range in list.split(separator: ",") {
            let tag = range.prefix { $0 != ";" }.drop { $0 == " " }
            let primary = tag.prefix { $0 != "-" && $0 != "_" && $0 != " " }.lowercased()
            if let language = Language(rawValue: primary) { return language }
        }
        return .fr
    }
}
