import TestKit
import Testing

@testable import ModuleKit

@Suite("Texts by language")
struct TextByLanguageTests {
    @Test("are kept as they are, whatever they hold", arguments: UInt64(0)..<50)
    func roundTrip(seed: UInt64) {
        var random = Random(seed: seed)
        var texts: [String: String] = [:]
        for tag in ["en", "fr", "fr-CA-x-ecole", "oj"].prefix(Int(seed % 5)) {
            let scalars = (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x300, using: &random))
            }
            texts[tag] = String(String.UnicodeScalarView(scalars))
        }
        let bytes = TextByLanguage(texts).bytes
        #expect(TextByLanguage.texts(in: bytes) == texts)
    }

    @Test("that are cut short or made up are no texts")
    func damaged() {
        let bytes = TextByLanguage(["fr": "Les fractions", "en": "Fractions"]).bytes
        let whole = TextByLanguage(["en": "Fractions"]).bytes.count
        for count in 1..<bytes.count where count != whole {
            #expect(TextByLanguage.texts(in: Array(bytes.prefix(count))) == nil, "\(count)")
        }
        #expect(TextByLanguage.texts(in: Array("fr\u{0}-1\u{0}".utf8)) == nil)
        #expect(TextByLanguage.texts(in: Array("fr\u{0}x\u{0}a".utf8)) == nil)
    }
}
