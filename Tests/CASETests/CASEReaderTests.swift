import CASE
import FoundationEssentials
import TestSupport
import Testing

@Suite("Reading CASE packages")
struct CASEReaderTests {
    @Test("the acceptance framework has 11 items, 7 of them at the top, two levels deep")
    func framework() throws {
        let package = try CASEReader().read(Fixture.bytes("case/framework.json"))
        #expect(package.items.count == 11)
        #expect(package.roots.map(\.code) == ["C1", "C2", "C3", "C4", "C5", "C6", "C7"])
        #expect(package.parents.count == 4)
        #expect(package.alignments.isEmpty)
        #expect(package.document.language == "fr-CA")
        let last = try #require(package.items.last)
        #expect(last.statement == "Choisir un outil avec l’équipe")
        #expect(last.position == 2)
    }

    @Test("a reference to what is not there is refused, naming the association")
    func dangling() throws {
        let refusal = try #require(throws: CASERefusal.self) {
            try CASEReader().read(Fixture.bytes("case/bad_dangling.json"))
        }
        #expect(refusal.problems.map(\.code) == [.unknownReference])
        #expect(refusal.problems[0].subject == "0d8051ac-f944-5728-b3c0-28c11ebb64aa")
    }

    @Test("a circle is refused, naming its items")
    func cycle() throws {
        let refusal = try #require(throws: CASERefusal.self) {
            try CASEReader().read(Fixture.bytes("case/bad_cycle.json"))
        }
        #expect(refusal.problems.map(\.code) == [.cycle])
        #expect(refusal.problems[0].subject == "C1 -> C1.1 -> C1")
    }

    @Test("what is written is read as the same package")
    func roundTrip() throws {
        var package = try CASEReader().read(Fixture.bytes("case/framework.json"))
        package.alignments = [
            CASEAlignment(
                identifier: "11111111-2222-3333-4444-555555555555", type: "exactMatchOf",
                origin: package.items[0].identifier, destination: "99999999-2222-3333-4444-555555555555",
                destinationURI: "https://elsewhere.example/CFItems/9")
        ]
        let writer = CASEWriter(changed: "2026-09-01T12:00:00+00:00")
        let again = try CASEReader().read(writer.write(package))
        #expect(again == package)
        #expect(again.unresolved == package.alignments)
    }

    @Test(
        "each kind of wrong field is told with its place",
        arguments: [
            (
                #""uri": "https://cordee.csrb.example/ims/case/v1p1/CFItems/b111eb38-0d67-5f14-a3c2-2b33a22e302e""#,
                #""uri": "not an address""#, CASEProblem.Code.badURI
            ),
            (#""identifier": "b111eb38-0d67-5f14-a3c2-2b33a22e302e""#, #""identifier": "b111""#, .badIdentifier),
            (#""fullStatement": "Pensée critique et résolution de problèmes""#, #""fullStatement": """#, .missingField),
            (#""associationType": "isChildOf""#, #""associationType": "isCousinOf""#, .badType),
            (#""CFItems": ["#, #""CFItems": 3, "Other": ["#, .badJSON),
            (
                #""identifier": "2d7d40a1-bba9-5f0d-9b2a-177ea18cd7d3""#,
                #""identifier": "b111eb38-0d67-5f14-a3c2-2b33a22e302e""#, .duplicateIdentifier
            ),
        ])
    func badFields(_ good: String, _ bad: String, _ code: CASEProblem.Code) throws {
        let text = try Fixture.text("case/framework.json")
        let broken = text.replacing(good, with: bad, maxReplacements: 1)
        #expect(broken != text)
        let refusal = try #require(throws: CASERefusal.self) { try CASEReader().read(Array(broken.utf8)) }
        #expect(refusal.problems.contains { $0.code == code })
    }

    @Test("bounds hold: bytes, items, depth and the number of problems that are told")
    func bounds() throws {
        let bytes = try Fixture.bytes("case/framework.json")
        #expect(Self.code(bytes, CASELimits(bytesMax: bytes.count - 1)) == .tooLarge)
        #expect(Self.code(bytes, CASELimits(itemsMax: 10)) == .tooManyItems)
        #expect(Self.code(bytes, CASELimits(associationsMax: 10)) == .tooManyAssociations)
        #expect(Self.code(bytes, CASELimits(depthMax: 1)) == .tooDeep)
        #expect(Self.code(bytes, CASELimits(textBytesMax: 5)) == .fieldTooLong)
        let refusal = try #require(throws: CASERefusal.self) {
            try CASEReader(limits: CASELimits(textBytesMax: 5, problemsMax: 3)).read(bytes)
        }
        #expect(refusal.problems.count == 3 && refusal.omitted > 0)
        let nested = String(repeating: "[", count: 100_000)
        #expect(Self.code(Array(#"{"CFItems":\#(nested)"#.utf8), CASELimits()) == .badJSON)
    }

    private static func code(_ bytes: [UInt8], _ limits: CASELimits) -> CASEProblem.Code? {
        do throws(CASERefusal) {
            _ = try CASEReader(limits: limits).read(bytes)
            return nil
        } catch {
            return error.problems.first?.code
        }
    }
}
