import TestSupport
import Testing

@Suite("What the fuzzer starts from and what it once found")
struct FuzzReplayTests {
    /// Seeds, and inputs named `found-…` that were findings.
    private static func inputs(of subject: Subject) throws -> [(path: String, bytes: [UInt8])] {
        try Fixture.files(in: "fuzz/\(subject.rawValue)")
    }

    @Test("each input holds what must hold of any", arguments: Subject.allCases)
    func corpus(subject: Subject) throws {
        let inputs = try Self.inputs(of: subject)
        try #require(inputs.count >= 5)
        for (name, bytes) in inputs {
            #expect(throws: Never.self, "\(name)") { try subject.run(bytes) }
        }
    }

    @Test("so does each input cut short in places, and with a bit turned there", arguments: Subject.allCases)
    func neighbours(subject: Subject) throws {
        for (name, bytes) in try Self.inputs(of: subject) {
            // Some eight places of each: the fuzzer does this without end, here a debug build has a second.
            for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 8)) {
                var turned = bytes
                turned[place] ^= 1 << UInt8(place % 8)
                #expect(throws: Never.self, "\(name) cut at \(place)") { try subject.run(Array(bytes[..<place])) }
                #expect(throws: Never.self, "\(name) turned at \(place)") { try subject.run(turned) }
            }
        }
    }
}
