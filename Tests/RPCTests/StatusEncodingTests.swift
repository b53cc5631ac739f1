import GoogleRPC
import SwiftProtobuf
import Testing

@testable import RPC

@Suite("Status on the wire")
struct StatusEncodingTests {
    private static func decode(_ bytes: [UInt8]) -> Status? {
        guard case .failed(let status) = Status.decode(bytes.span.bytes) else { return nil }
        return status
    }

    @Test("the details are those of google.rpc, each at most once, empty ones left out")
    func details() throws {
        func types(_ status: Status, callID: String?) throws -> [String] {
            let message = try GoogleRPC_Status(serializedBytes: status.encoded(language: .fr, callID: callID))
            return message.details.map { $0.typeURL.replacing("type.googleapis.com/google.rpc.", with: "") }
        }
        #expect(
            try types(Echo.refusal, callID: "1")
                == ["ErrorInfo", "LocalizedMessage", "BadRequest", "RetryInfo", "RequestInfo"])
        let bare = Status(.notFound, "NOT_THERE", fr: "absent", en: "not there")
        #expect(try types(bare, callID: nil) == ["ErrorInfo", "LocalizedMessage"])
    }

    @Test("message is English and LocalizedMessage the caller's", arguments: Language.allCases)
    func languages(language: Language) throws {
        let status = Status(.notFound, "NOT_THERE", fr: "absent", en: "not there")
        let message = try GoogleRPC_Status(serializedBytes: status.encoded(language: language, callID: nil))
        #expect(message.message == "not there")
        let localized = try GoogleRPC_LocalizedMessage(unpackingAny: message.details[1])
        #expect(localized.locale == language.rawValue && localized.message == status.text[language])
    }

    @Test("every code comes back", arguments: StatusCode.allCases.filter { $0 != .ok })
    func codes(code: StatusCode) {
        let status = Status(code, "R", fr: "f", en: "e")
        #expect(Self.decode(status.encoded(language: .fr, callID: nil)) == status)
    }

    @Test("a status of a stranger, without details and with a code that we do not know, is still one")
    func stranger() throws {
        let message = GoogleRPC_Status.with { ($0.code, $0.message) = (99, "odd") }
        let status = Self.decode(try message.serializedBytes())
        #expect(status == Status(.unknown, "", fr: "odd", en: "odd"))
    }

    @Test("an empty status and one of code 0 are OK, other bytes are malformed")
    func notAnError() throws {
        func isOK(_ bytes: [UInt8]) -> Bool { if case .ok = Status.decode(bytes.span.bytes) { true } else { false } }
        #expect(isOK([]))
        #expect(isOK(try GoogleRPC_Status.with { $0.message = "fine" }.serializedBytes()))
        #expect(!isOK([0xff]))
    }
}
