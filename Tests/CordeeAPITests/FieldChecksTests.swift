import CordeeAPI
import RPC
import SwiftProtobuf
import Testing
import WorkshopsAPI

@Suite struct FieldChecksTests {
    private func reasons(_ check: (inout Violations) -> Void) -> [String] {
        var violations = Violations()
        check(&violations)
        return violations.all.map(\.reason)
    }

    @Test("length counts characters, not bytes and not what is drawn as one")
    func length() {
        #expect(reasons { $0.length("f", "éèà", max: 3) }.isEmpty)
        #expect(reasons { $0.length("f", "éèàù", max: 3) } == ["TOO_LONG"])
        // One letter with three marks on it is drawn as one and counts as four.
        #expect(reasons { $0.length("f", "e\u{301}\u{302}\u{303}", max: 3) } == ["TOO_LONG"])
    }

    @Test("bounds are in, what is beyond is out")
    func range() {
        for (value, isIn) in [(Int64(0), false), (1, true), (9, true), (10, false), (.min, false), (.max, false)] {
            #expect(reasons { $0.range("f", value, minimum: 1, maximum: 9) }.isEmpty == isIn)
        }
        #expect(reasons { $0.range("f", UInt64.max, maximum: 9) } == ["OUT_OF_RANGE"])
        #expect(reasons { $0.range("f", UInt64.max, minimum: 9) }.isEmpty)
        #expect(reasons { $0.range("f", Double.nan, minimum: 1) } == ["OUT_OF_RANGE"])
    }

    @Test(
        "mail addresses",
        arguments: [
            ("a@b.ca", true), ("prenom.nom+x@école.qc.ca", true), ("a@b", false), ("a@", false), ("@b.ca", false),
            ("a b@c.ca", false), ("a@b@c.ca", false), ("a@.ca", false), ("a@b..ca", false), ("a@-b.ca", false),
            ("a\n@b.ca", false), ("<a@b.ca>", false), ("a@b.ca\u{A0}", false), ("", false),
        ])
    func email(text: String, isGood: Bool) {
        #expect(reasons { $0.format("f", text, .email) }.isEmpty == isGood)
    }

    @Test("every text that is shown is there in French and in English")
    func texts() {
        var violations = Violations()
        violations.require("f", false)
        violations.bytes("f", 2, max: 1)
        violations.items("f", 2, max: 1)
        violations.range("f", 2, minimum: 3)
        violations.range("f", 2, maximum: 1)
        violations.resource("f", "x", "boards/{board}")
        violations.anyResource("f", "x")
        violations.unknownValue("f", 3)
        for format: CordeeAPI_Format in [.languageTag, .localDateTime, .timeZone, .email, .localizedText] {
            violations.format("f", "?", format)
        }
        #expect(violations.all.count == 13)
        #expect(violations.all.allSatisfy { !$0.text.fr.isEmpty && !$0.text.en.isEmpty && $0.text.fr != $0.text.en })
    }

    @Test("a workshop that is wrong in many ways is told each, by its path")
    func workshop() {
        let request = CordeeWorkshops_CreateWorkshopRequest.with {
            $0.workshop.title = ["fr": ""]
            $0.workshop.sessions = [
                .with {
                    $0.startLocal = "2026-11-24T15:45:00"
                    $0.endLocal = "2026-02-30T15:45:00"
                }
            ]
            $0.workshop.remoteReserve = -1
            $0.workshop.facilitators = ["boards/b/people/p", ""]
            $0.workshop.name = "what a request says of this is not looked at"
        }
        var violations = Violations()
        request.validate(&violations)
        #expect(
            violations.all.map { "\($0.field) \($0.reason)" } == [
                "workshop.sessions[0].end_local BAD_FORMAT", "workshop.sessions[0].zone REQUIRED",
                "workshop.capacity REQUIRED", "workshop.remote_reserve OUT_OF_RANGE",
                "workshop.facilitators[1] BAD_NAME",
            ])
    }
}
