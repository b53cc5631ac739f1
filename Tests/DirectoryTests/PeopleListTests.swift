import DirectoryAPI
import ModuleKit
import Testing

@testable import DirectoryModule

@Suite("lists of people")
struct PeopleListTests {
    private func imported() async throws -> Consortium {
        let consortium = try await Consortium()
        _ = try await consortium.importRoster(RosterFixture.zip("oneroster_1.2"))
        return consortium
    }

    @Test(
        "pages of any size give the same list, by board, then fr-CA family and given name", arguments: [1, 7, 40, 50])
    func pages(size: Int32) async throws {
        let consortium = try await imported()
        let whole = try consortium.people(pageSize: 1_000)
        #expect(try consortium.people(pageSize: size) == whole)
        #expect(whole.count == 120)
        let expected = whole.sorted { left, right in
            let (leftBoard, rightBoard) = (PersonName(left.name)?.board ?? "", PersonName(right.name)?.board ?? "")
            return (leftBoard, left.sortText, left.name) < (rightBoard, right.sortText, right.name)
        }
        #expect(whole.map(\.name) == expected.map(\.name))
    }

    @Test("accents count from the end of the name, and the given name only after the family name")
    func sortsAsCanadianFrench() async throws {
        let consortium = try await Consortium(boards: ["b-csrb"])
        let names = [
            ("Côté", "A"), ("Cote", "B"), ("Coté", "C"), ("Côte", "D"), ("Abel", "Élodie"), ("Aubé", "Eloïse"),
            ("Aubé", "Éloi"), ("Zoé", "Elodie"),
        ]
        let zip = try RosterFixture.zip("oneroster_bad/formula") { files in
            let header = files["users.csv", default: ""].prefix { !$0.isNewline }
            files["users.csv"] =
                header + "\n"
                + names.enumerated().map { index, name in
                    "p-\(index),,,true,s-01,teacher,user\(index),,\(name.1),\(name.0),,,u\(index)@csrb.example,,,,,\n"
                }.joined()
        }
        _ = try await consortium.importRoster(zip)
        let people = try consortium.people(pageSize: 3).filter { !$0.sourceID.isEmpty }
        #expect(
            people.map { "\($0.familyName) \($0.givenName)" } == [
                "Abel Élodie", "Aubé Éloi", "Aubé Eloïse", "Cote B", "Côte D", "Coté C", "Côté A", "Zoé Elodie",
            ])
    }

    @Test(
        "the beginnings of names are found without accents, apostrophes and capitals",
        arguments: ["eve-marie", "n'diaye", "NDIAYE", "fortier-roy", "fortier roy", "d amours", "st-am"])
    func finds(query: String) async throws {
        let consortium = try await imported()
        let words = query.lowercased().split { !$0.isLetter }.map(String.init)
        // By the test's own folding, over the fixture's people.
        let expected = try RosterFixture.json("people_index.json", as: [IndexedPerson].self).filter { person in
            let names = [plain(person.given), plain(person.family)]
            let parts = names.flatMap { $0.split { !$0.isLetter }.map(String.init) + [$0.filter(\.isLetter)] }
            return words.allSatisfy { word in parts.contains { $0.hasPrefix(word) } }
        }
        let found = try consortium.people(pageSize: 3) { $0.query = query }
        #expect(Set(found.map(\.sourceID)) == Set(expected.map(\.id)))
        #expect(!found.isEmpty)
    }

    @Test("a search stays within the boards of its caller")
    func staysWithin() async throws {
        let consortium = try await imported()
        let staff = try #require(try consortium.caller(consortium.person(email: "spaquet@csrb.example").id))
        #expect(try consortium.people(as: staff).count == 40)
        let found = try consortium.people(as: staff) { $0.query = "a" }
        #expect(found.allSatisfy { $0.name.hasPrefix("boards/\(consortium.boards[0])/") })
        #expect(try !consortium.people { $0.query = "a" }.isEmpty)
        let refusal = await status { try consortium.people(as: staff) { $0.parent = "boards/\(consortium.boards[1])" } }
        #expect(refusal?.code == .notFound)
    }

    @Test("the staff of one school are those who have a place there")
    func filtersByOrg() async throws {
        let consortium = try await imported()
        let all = try consortium.people()
        let org = try #require(all.first { $0.assignments.count == 2 }?.assignments[1].org)
        let found = try consortium.people { $0.org = org }
        #expect(found == all.filter { $0.assignments.contains { $0.org == org } })
        #expect(!found.isEmpty)
    }

    private func plain(_ text: String) -> String {
        let pairs: [Character: Character] = [
            "é": "e", "è": "e", "ê": "e", "ë": "e", "à": "a", "â": "a", "ï": "i", "î": "i", "ô": "o", "ç": "c",
            "ù": "u",
            "û": "u", "ü": "u",
        ]
        return String(text.lowercased().map { pairs[$0] ?? $0 })
    }
}

extension API.Person {
    /// Compared as hexadecimal, so that the text's order is that of the bytes.
    fileprivate var sortText: String {
        SortKey.make([familyName, givenName]).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
