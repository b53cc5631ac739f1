import CordeeAPI
import TestSupport
import Testing

@Suite struct LanguageTests {
    /// `Tests/Fixtures/language.json`.
    struct Cases: Decodable {
        struct Lookup: Decodable {
            struct Case: Decodable {
                let range: [String]
                let available: [String]
                let expect: String
            }
            let cases: [Case]
        }
        struct Tags: Decodable {
            let wellFormed: [String]
            let illFormed: [String]
            let wellFormedButNotValid: [String]
        }
        let lookup: Lookup
        let tags: Tags

        init() throws { self = try Fixture.json("language.json", isSnakeCase: true) }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Keys.self)
            lookup = try values.decode(Lookup.self, forKey: .lookup)
            tags = try values.decode(Tags.self, forKey: .tags)
        }

        enum Keys: CodingKey { case lookup, tags }
    }

    @Test("tags are well-formed as RFC 5646 has it")
    func tags() throws {
        let tags = try Cases().tags
        for tag in tags.wellFormed + tags.wellFormedButNotValid { #expect(LanguageTag(tag) != nil, "\(tag)") }
        for tag in tags.illFormed { #expect(LanguageTag(tag) == nil, "\(tag)") }
    }

    // RFC 5646, appendix A.
    @Test(
        "the examples of the standard are well-formed",
        arguments: [
            "zh-cmn-Hans-CN", "sr-Latn-RS", "sl-rozaj-biske", "hy-Latn-IT-arevela", "es-419", "de-CH-x-phonebk",
            "az-Arab-x-AZE-derbend", "x-whatever", "qaa-Qaaa-QM-x-southern", "en-a-myext-b-another", "i-enochian",
            "de-1996", "en-US-u-islamcal", "sl-nedis",
        ])
    func standard(tag: String) { #expect(LanguageTag(tag) != nil) }

    @Test(
        "what the grammar does not make is refused",
        arguments: [
            "-fr", "fr-", "x", "fr-x", "fr-a", "fr-a-x-b", "abcdefghi", "fr-abcdefghi", "é", "fr CA", "zh-min-foo-b-",
            "en-u", String(repeating: "fr-abcde", count: 20),
        ])
    func refused(tag: String) { #expect(LanguageTag(tag) == nil) }

    @Test("tags that differ in case are one, in the letters that the standard recommends")
    func recommendedCase() {
        #expect(LanguageTag("FR-ca")?.description == "fr-CA")
        #expect(LanguageTag("CR-cans") == LanguageTag("cr-Cans"))
        #expect(LanguageTag("EN-ca-X-CA")?.description == "en-CA-x-ca")
    }

    @Test("lookup gives what RFC 4647 gives, French by default")
    func lookup() throws {
        for test in try Cases().lookup.cases {
            #expect(Lookup.best(test.range, in: test.available) == test.expect, "\(test.range)")
        }
        #expect(Lookup.best(["zh-a-b"], in: ["zh-a", "zh"]) == "zh", "a single letter goes with what follows it")
    }

    @Test("a text is found for every reader of a map that has one")
    func text() {
        #expect(Lookup.text(["en-CA"], in: ["fr": "F", "en": "E"]) == "E")
        #expect(Lookup.text(["oj"], in: ["fr": "F", "en": "E"]) == "F")
        #expect(Lookup.text(["oj"], in: ["iu": "I", "en": "E"]) == "E")
        #expect(Lookup.text(["oj"], in: [:]) == nil)
    }
}
