import CordeeAPI
import DirectoryAPI
import TestSupport
import Testing
import WorkshopsAPI

@Suite struct ResourceNameTests {
    @Test("a name is read into its ids and written back the same")
    func reads() throws {
        let text = "boards/01H-x.y_z~/workshops/01J/registrations/7"
        let name = try #require(RegistrationName(text))
        #expect(name.board == "01H-x.y_z~" && name.workshop == "01J" && name.registration == "7")
        #expect(name.description == text)
        #expect(name.parent == WorkshopName(board: "01H-x.y_z~", workshop: "01J"))
        #expect(RegistrationName.pattern.matches(text))
        #expect(RegistrationName.pattern.ids(in: text) == ["01H-x.y_z~", "01J", "7"])
    }

    @Test(
        "what is not exactly such a name is refused, by the type and by its pattern",
        arguments: [
            "", "boards", "boards/", "boards/b", "boards/b/workshops", "boards/b/workshops/", "boards//workshops/w",
            "/boards/b/workshops/w", "boards/b/workshops/w/", "boards/b/workshops/w/registrations/r",
            "boards/b/Workshops/w", "boards/b/workshops/w w", "boards/b/workshops/é", "boards/b/workshops/w\0",
            "boards/b/workshops/w\n", "boards/b/workshops/%2e", "boards/{board}/workshops/{workshop}",
            "boards/b/workshops/" + String(repeating: "a", count: 65), "boards/b/orgs/w",
        ])
    func refuses(text: String) {
        #expect(WorkshopName(text) == nil)
        #expect(!WorkshopName.pattern.matches(text))
    }

    @Test("an id has up to 64 signs")
    func longest() {
        let text = "boards/b/workshops/" + String(repeating: "a", count: 64)
        #expect(WorkshopName(text)?.description == text)
    }

    @Test("the type and its pattern agree on every text near a name", arguments: UInt64(0)..<50)
    func agree(seed: UInt64) {
        var random = Random(seed: seed)
        let signs = Array("boards/b1/workshops/w-2{}é ~")
        for _ in 0..<200 {
            var text = Array("boards/b1/workshops/w-2")
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.remove(at: index)
                case 1: text.insert(signs.randomElement(using: &random) ?? "x", at: index)
                default: text[index] = signs.randomElement(using: &random) ?? "x"
                }
            }
            let name = WorkshopName(String(text))
            #expect(WorkshopName.pattern.matches(String(text)) == (name != nil), "\(String(text))")
            if let name { #expect(name.description == String(text)) }
        }
    }

    @Test("a pattern makes names of ids, and refuses ids that are none")
    func makes() {
        let pattern = PersonName.pattern
        #expect(pattern.variables == ["board", "person"])
        #expect(pattern.name(["b", "p"]) == "boards/b/people/p")
        #expect(
            pattern.name(["b"]) == nil && pattern.name(["b", "p", "q"]) == nil && pattern.name(["b", "p/q"]) == nil)
    }

    @Test("the board of any name is found at its beginning")
    func board() {
        #expect(BoardName(of: "boards/b/workshops/w")?.board == "b")
        #expect(BoardName(of: "boards/b")?.board == "b")
        #expect(BoardName(of: "boards/") == nil && BoardName(of: "boards/b?") == nil && BoardName(of: "") == nil)
        #expect(BoardName("boards/b/workshops/w") == nil && BoardName("boards/b")?.description == "boards/b")
    }

    @Test("any resource's name is collections and ids in turn")
    func any() {
        #expect(ResourcePattern.isAnyName("boards/b") && ResourcePattern.isAnyName("boards/b/workshops/w"))
        #expect(!ResourcePattern.isAnyName("") && !ResourcePattern.isAnyName("boards"))
        #expect(!ResourcePattern.isAnyName("boards/b/workshops") && !ResourcePattern.isAnyName("boards//w/x"))
    }
}
