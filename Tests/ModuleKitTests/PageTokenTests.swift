import TestKit
import Testing

@testable import ModuleKit

@Suite("Page tokens")
struct PageTokenTests {
    private let tokens = PageTokens(key: [UInt8](repeating: 7, count: 32))

    @Test("give back the place that they were made of", arguments: UInt64(0)..<20)
    func roundTrip(seed: UInt64) throws {
        var random = Random(seed: seed)
        let (place, context) = (random.bytes(Int(seed) * 3), random.bytes(40))
        #expect(try tokens.place(in: tokens.token(for: place, in: context), for: context) == place)
    }

    @Test("are refused with another context, another daemon's key, or any bit turned")
    func forgery() {
        let (place, context): ([UInt8], [UInt8]) = ([1, 2, 3], [9])
        let token = tokens.token(for: place, in: context)
        #expect(throws: Status.self) { try tokens.place(in: token, for: [8]) }
        let stranger = PageTokens(key: [UInt8](repeating: 8, count: 32))
        #expect(throws: Status.self) { try stranger.place(in: token, for: context) }
        let bytes = Base64URL.decode(token) ?? []
        for bit in 0..<bytes.count * 8 {
            var forged = bytes
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: Status.self) { try tokens.place(in: Base64URL.encode(forged), for: context) }
        }
    }

    @Test("that are no tokens at all are refused as a bad field", arguments: ["x", "", "****", "AAAA", "é"])
    func nonsense(token: String) {
        let status = #expect(throws: Status.self) { try tokens.place(in: token, for: []) }
        #expect(status?.code == .invalidArgument)
        #expect(status?.violations.map(\.field) == ["page_token"])
    }

    @Test("carry every order", arguments: [Int64.min, -1, 0, 1, .max])
    func orders(number: Int64) {
        #expect(Int64(pageBytes: number.pageBytes) == number)
        let instant = Timestamp(microseconds: number / 1_000)
        #expect(Timestamp(pageBytes: instant.pageBytes) == instant)
        #expect(Int64(pageBytes: []) == nil)
    }
}
