import Calendar
import RPC
import Store
import Testing

@testable import Daemon

@Suite("How failures are tried again")
struct PerseveranceTests {
    private let perseverance = Perseverance(pause: .milliseconds(100), pauseMax: .seconds(1), triesMax: 3)

    @Test("pauses double up to their bound")
    func pauses() {
        let pauses = (1...6).map { perseverance.pause(afterFailures: $0) }
        #expect(pauses == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
        #expect(perseverance.pause(afterFailures: .max) == .seconds(1))
        #expect(Perseverance(pause: .zero, pauseMax: .seconds(1), triesMax: 3).pause(afterFailures: .max) == .zero)
        #expect(
            Perseverance(pause: .seconds(9), pauseMax: .seconds(1), triesMax: 3).pause(afterFailures: 1) == .seconds(1))
    }

    @Test("the last try is the bound")
    func tries() { #expect((1...4).map { perseverance.isOver(afterFailures: $0) } == [false, false, true, true]) }

    @Test("a pause ends with its instant, or when that is further than any pause is long")
    func due() {
        let now = Timestamp(seconds: 1_000)
        #expect(perseverance.isDue(now, at: now))
        #expect(!perseverance.isDue(now + .milliseconds(1), at: now))
        #expect(!perseverance.isDue(now + .seconds(1), at: now))
        #expect(perseverance.isDue(now + .seconds(2), at: now))
    }

    @Test("a failure's text says what kind it is of, and no value")
    func text() {
        struct Told: Error { let secret = "ariane@example.org" }
        #expect(FailureText(Told()).text == "Told")
        let status = Status(.notFound, "NOT_FOUND", fr: "ariane", en: "ariane")
        #expect(FailureText(status).text == "NOT_FOUND NOT_FOUND")
        #expect(!FailureText(StoreError.budget(label: "reaction trial.first")).text.contains("@"))
    }
}
