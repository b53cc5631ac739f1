import Calendar
import ModuleKit
import TestKit
import Testing

@Suite("The id generator")
struct IDGeneratorTests {
    @Test("makes ids that rise, whatever the clock does", arguments: UInt64(0)..<50)
    func rises(seed: UInt64) {
        var random = Random(seed: seed)
        let ids = IDGenerator()
        var (now, last) = (Timestamp(seconds: 1_795_530_600), "")
        for _ in 0..<200 {
            now += .microseconds(Int64.random(in: -5_000...5_000, using: &random))
            let id = ids.next(at: now)
            #expect(id > last)
            #expect(id.utf8.count == 26)
            last = id
        }
    }

    @Test("counts up within a millisecond, over all 80 bits")
    func carries() {
        let ids = IDGenerator(random: { .max })
        let now = Timestamp(seconds: 1)
        let first = ids.next(at: now)
        let second = ids.next(at: now)
        #expect(first.hasSuffix("fzzzzzzzzzzzzzzz"))
        #expect(second.hasSuffix("g000000000000000"))
        #expect(first < second)
    }

    @Test("writes the time as a ULID does")
    func layout() {
        // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
        let id = IDGenerator(random: { 0 }).next(at: Timestamp(microseconds: 1_469_918_176_385_000))
        #expect(id == "01aryz6s410000000000000000")
    }
}
