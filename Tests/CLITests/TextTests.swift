import Testing

@testable import CordeeCLI

@Suite("names, lengths of time, widths and JSON")
struct TextTests {
    @Test(
        "a name in kebab case",
        arguments: [
            ("CreateCheese", "create-cheese"), ("start_local", "start-local"), ("GetHTTPInfo", "get-http-info"),
            ("WhoAmI", "who-am-i"), ("a", "a"), ("", ""), ("_x__y", "x-y"), ("utf8Text", "utf8-text"),
        ])
    func kebab(name: String, expected: String) { #expect(Naming.kebab(name) == expected) }

    @Test(
        "the singular of a plural",
        arguments: [
            ("boards", "board"), ("entries", "entry"), ("boxes", "box"), ("status", nil), ("people", nil),
            ("mass", nil),
            ("branches", "branch"),
        ])
    func singular(plural: String, expected: String?) { #expect(Naming.singular(plural) == expected) }

    @Test(
        "the nearest name is the one that was meant",
        arguments: [("tilte", "title"), ("titl", "title"), ("whels", "wheels"), ("xyz", nil), ("sokcet", "socket")])
    func nearest(word: String, expected: String?) {
        #expect(Nearest.match(word, among: ["wheels", "title", "socket", "milk"]) == expected)
    }

    @Test(
        "a length of time as protobuf-JSON writes it",
        arguments: [
            ("90s", "90s"), ("48h", "172800s"), ("1h30m", "5400s"), ("1.5s", "1.5s"), ("250ms", "0.25s"),
            ("1d", "86400s"), ("-5m", "-300s"), ("-1.5s", "-1.5s"), ("0s", "0s"), ("0.000000001s", "0.000000001s"),
            ("2min", "120s"), ("1.000000001d", "86400.0000864s"),
        ])
    func duration(text: String, expected: String) throws {
        #expect(DurationText.json(try #require(DurationText.parse(text))) == expected)
    }

    @Test(
        "what is no length of time",
        arguments: ["", "s", "5", "1h1h", "1m1h", "1x", "1..5s", "9999999999999999999s", "-", "٣s", "1.s", "107000d"])
    func noDuration(text: String) { #expect(DurationText.parse(text) == nil) }

    @Test("base64 is read as it was written, for each length", arguments: 0..<70)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(
        "vectors of RFC 4648 §10",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(text: String, expected: String) { #expect(Base64.encode(Array(text.utf8)) == expected) }

    @Test("what is no base64", arguments: ["Z", "Zg=a", "Zg===", "é"])
    func noBase64(text: String) { #expect(Base64.decode(text) == nil) }

    @Test(
        "the columns that a text takes",
        arguments: [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("👩‍🏫", 2), ("한국", 4), ("", 0), ("à l’œuvre", 9),
        ])
    func width(text: String, expected: Int) { #expect(DisplayWidth.of(text) == expected) }

    @Test(
        "a text cut to a width is never wider",
        arguments: [("abcdef", 4, "abc…"), ("漢字漢字", 4, "漢…"), ("abc", 3, "abc"), ("é́é", 1, "…"), ("abc", 0, "")])
    func cut(text: String, width: Int, expected: String) { #expect(DisplayWidth.cut(text, to: width) == expected) }

    @Test("a name cut from its beginning keeps its end")
    func cutFront() {
        #expect(DisplayWidth.cutFront("cellars/c/cheeses/12", to: 11) == "…cheeses/12")
        #expect(DisplayWidth.cutFront("12", to: 2) == "12")
    }

    @Test("nothing that moves a terminal gets through")
    func safe() {
        #expect(Console.safe("a\u{1b}[2Jb\nc\u{7}\u{9b}d\u{202e}é") == "a\u{fffd}[2Jb c\u{fffd}\u{fffd}d\u{fffd}é")
        #expect(JSON.string("\u{1b}\u{9b}\"\\\n").line == #""\u001b\u009b\"\\\n""#)
    }

    @Test(
        "JSON is written as it was read",
        arguments: [
            #"{"a":[1,-2.5,true,null,"é\n"],"b":{}}"#, "[]", "9007199254740991", #""\"""#, "1e+20", "0.1",
        ])
    func json(text: String) throws { #expect(try JSON(parsing: text).line == text) }

    @Test("JSON a thousand levels deep is refused, not followed")
    func deep() {
        let text = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(throws: (any Error).self) { try JSON(parsing: text) }
    }

    @Test("a comment's first sentence ends at a stop before a space")
    func sentence() {
        let comment = Comment(" Turns it v1.2 times; see it.\n More.\n\n\n Second\tparagraph.\n")
        #expect(comment.firstSentence == "Turns it v1.2 times; see it.")
        #expect(comment.paragraphs == ["Turns it v1.2 times; see it. More.", "Second paragraph."])
        #expect(Comment("").firstSentence.isEmpty)
    }
}
