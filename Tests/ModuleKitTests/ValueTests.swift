import Calendar
import ModuleKit
import Store
import SwiftProtobuf
import TestKit
import Testing

@Suite("Small values")
struct ValueTests {
    @Test("an etag lets its own version and the empty one pass, and tells the current one otherwise")
    func etag() {
        let etag = Etag(revision: 71)
        #expect(etag.description == "\"1z\"")
        #expect(throws: Never.self) { try etag.check("") }
        #expect(throws: Never.self) { try etag.check("\"1z\"") }
        let status = #expect(throws: Status.self) { try etag.check("\"1y\"") }
        #expect(status?.code == .aborted)
        #expect(status?.reason == "ETAG_MISMATCH")
        #expect(status?.metadata == ["etag": "\"1z\""])
    }

    /// RFC 4648 §10, without padding.
    @Test(
        "base 64 is that of RFC 4648",
        arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")])
    func base64(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("base 64 uses the alphabet for URLs and refuses all else", arguments: ["+/", "Zg==", "Z", "Zm9vY", "é"])
    func base64Refuses(text: String) {
        #expect(Base64URL.decode(text) == nil)
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test("base 64 gives back any bytes", arguments: UInt64(0)..<50)
    func base64RoundTrip(seed: UInt64) {
        var random = Random(seed: seed)
        let bytes = random.bytes(Int(seed))
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test(
        "an instant survives the way through a message, before 1970 too",
        arguments: [0, 1, -1, 1_795_530_600_000_001, -999_999, -1_000_001])
    func timestamps(microseconds: Int64) {
        let instant = Timestamp(microseconds: microseconds)
        let message = Google_Protobuf_Timestamp(instant)
        #expect((0..<1_000_000_000).contains(message.nanos))
        #expect(Timestamp(message) == instant)
    }

    @Test("settings keep their standard value unless they are given another")
    func settings() {
        let declared = [ModuleSetting("a_max", 1, "A."), ModuleSetting("b_max", 2, "B.")]
        let settings = ModuleSettings(declared, given: ["b_max": 7, "unknown": 9])
        #expect(settings["a_max"] == 1)
        #expect(settings["b_max"] == 7)
    }

    @Test("a contract that nobody provides is named, and one that two provide too")
    func contracts() {
        #expect(throws: ContractMissing(contract: "people")) { try Contracts([]).people }
    }
}
