import SwiftProtobuf
import Testing
import WorkshopsAPI

/// The ledger itself: one that finds nothing wrong would prove nothing.
@Suite("The ledger of the crash tests")
struct CrashLedgerTests {
    private static let key = CrashLedger.Key(person: "p", workshop: "w")

    private static func row(
        _ name: String, _ state: CordeeWorkshops_Registration.State, person: String = "p"
    ) -> CordeeWorkshops_Registration {
        .with { ($0.name, $0.person, $0.state) = (name, person, state) }
    }

    /// Somebody who was told to have a place, and asks to give it back.
    private func leaving() -> CrashLedger {
        let ledger = CrashLedger()
        _ = ledger.ask(Self.key)
        _ = ledger.acknowledged(Self.key, Self.row("r", .confirmed))
        _ = ledger.ask(Self.key)
        return ledger
    }

    @Test("accepts what was acknowledged, one open call further or not")
    func right() {
        #expect(leaving().reconcile("w", with: [Self.row("r", .confirmed)]) == [])
        #expect(leaving().reconcile("w", with: [Self.row("r", .withdrawn)]) == [])
        let joining = CrashLedger()
        _ = joining.ask(Self.key)
        #expect(joining.reconcile("w", with: []) == [])
        _ = joining.ask(Self.key)
        #expect(joining.reconcile("w", with: [Self.row("r", .waitlisted)]) == [])
        // What was found once stays, and is what the person gives back next.
        #expect(joining.ask(Self.key).asked == .withdraw("r"))
        #expect(joining.reconcile("w", with: [Self.row("r", .confirmed)]) == [])
        #expect(joining.reconcile("w", with: []) == ["r, acknowledged, is gone"])
    }

    @Test("names what was lost, made twice, made by nobody, or came back")
    func wrong() {
        #expect(leaving().reconcile("w", with: []).count == 1)
        #expect(leaving().reconcile("w", with: [Self.row("r", .waitlisted)]).count == 1)
        #expect(leaving().reconcile("w", with: [Self.row("r", .confirmed, person: "q")]).count == 1)
        #expect(leaving().reconcile("w", with: [Self.row("r", .confirmed), Self.row("s", .confirmed)]).count == 1)
        #expect(leaving().reconcile("w", with: [Self.row("r", .confirmed), Self.row("r", .confirmed)]).count == 1)

        let left = leaving()
        _ = left.acknowledged(Self.key, Self.row("r", .withdrawn))
        #expect(left.reconcile("w", with: [Self.row("r", .confirmed)]).count == 1)

        let joining = CrashLedger()
        _ = joining.ask(Self.key)
        #expect(joining.reconcile("w", with: [Self.row("r", .confirmed), Self.row("s", .confirmed)]).count == 1)
        let seated = CrashLedger()
        _ = seated.ask(Self.key)
        _ = seated.acknowledged(Self.key, Self.row("r", .confirmed))
        #expect(seated.reconcile("w", with: [Self.row("r", .withdrawn)]).count == 1)
    }
}
