import RPC
import Testing

/// What is wrong with a JSON payload is told with the path of its field.
@Suite("Wrong JSON", .timeLimit(.minutes(10)))
struct JSONFaultTests {
    private static let unknown: [(String, String)] = [
        (#"{"zome":1}"#, "zome"),
        (
            #"{"int32":1,"part":{"name":"a"},"parts":[{"name":"b"},{"rowCount":2,"zome":[{}]}],"nope":1}"#,
            "parts[1].zome"
        ),
        (#"{"part":{"inner":{"inner":{"nom":{"name":1}}}}}"#, "part.inner.inner.nom"),
        (#" { "partsByNumber" : { "7" : { "n\u006fm" : 1 } } } "#, #"parts_by_number["7"].n\u006fm"#),
        (#"{"empty":{"a":1}}"#, "empty.a"),
        (#"{"Part":{}}"#, "Part"),
        (#"{"":1}"#, #"[""]"#),
        (#"{"part":{"..":1}}"#, "part..."),
        (#"{"tree":{"zome":{"a":[1,{"b":2}]}},"texts":{"zome":"z"},"zome":null}"#, "zome"),
        (#"{"string":"\"{\\","é":1}"#, "é"),
    ]

    private static let wrong: [(String, String, String)] = [
        (#"{"int32":"a"}"#, "int32", "BAD_VALUE"),
        (#"{"int32":2147483648}"#, "int32", "OUT_OF_RANGE"),
        (#"{"int32":1.5}"#, "int32", "BAD_VALUE"),
        (#"{"part":{"rowCount":{}}}"#, "part.row_count", "BAD_VALUE"),
        (#"{"part":{"row_count":true}}"#, "part.row_count", "BAD_VALUE"),
        (#"{"part":[]}"#, "part", "BAD_VALUE"),
        (#"{"part":5}"#, "part", "BAD_VALUE"),
        (#"{"parts":{}}"#, "parts", "BAD_VALUE"),
        (#"{"parts":[{},null]}"#, "parts[1]", "BAD_VALUE"),
        (#"{"numbers":[1,"2",[3]]}"#, "numbers[2]", "BAD_VALUE"),
        (#"{"colour":"COLOUR_GREEN"}"#, "colour", "UNKNOWN_VALUE"),
        (#"{"colours":["COLOUR_RED","RED"]}"#, "colours[1]", "UNKNOWN_VALUE"),
        (#"{"texts":{"fr":"a","en":5}}"#, #"texts["en"]"#, "BAD_VALUE"),
        (#"{"partsByNumber":{"one":{}}}"#, #"parts_by_number["one"]"#, "BAD_VALUE"),
        (#"{"startTime":"24 novembre"}"#, "start_time", "BAD_FORMAT"),
        (#"{"length":"1 h"}"#, "length", "BAD_FORMAT"),
        (#"{"bytes":"*"}"#, "bytes", "BAD_VALUE"),
        (#"{"flag":"yes"}"#, "flag", "BAD_VALUE"),
        (#"{"bool":tru}"#, "bool", "BAD_VALUE"),
    ]

    /// No field alone is to blame.
    private static let malformed: [String] = [
        "", "{", "[]", "5", "null", "{} {}", #"{"part":{"name" 1}}"#, #"{"part":{"name":"a""#,
        #"{"word":"a","piece":{}}"#, "\u{0}",
    ]

    private static func refusal(of json: String) async throws -> Status {
        var refusal: Status?
        try await TestServer.run(loops: 1, ServerLimits(), KindsMethods.all) { test in
            let client = try await test.connect()
            refusal = await #expect(throws: Status.self) {
                try await client.call(
                    service: KindsMethods.service, method: "Encode", payload: Array(json.utf8),
                    CallOptions(isJSON: true))
            }
        }
        return try #require(refusal)
    }

    @Test("an unknown field is refused with its path", arguments: unknown)
    func unknownField(json: String, path: String) async throws {
        let status = try await Self.refusal(of: json)
        #expect(status.code == .invalidArgument && status.reason == "BAD_REQUEST")
        #expect(status.violations.map(\.field) == [path])
        #expect(status.violations.map(\.reason) == ["UNKNOWN_FIELD"])
        #expect(status.violations.first?.text.fr == "ce champ n'existe pas")
        #expect(status.text.en == "The request is invalid: \(path): there is no such field")
    }

    @Test("a wrong value is refused with the path of its field", arguments: wrong)
    func wrongValue(json: String, path: String, reason: String) async throws {
        let status = try await Self.refusal(of: json)
        #expect(status.code == .invalidArgument && status.reason == "BAD_REQUEST")
        #expect(status.violations.map(\.field) == [path] && status.violations.map(\.reason) == [reason])
    }

    @Test("what is no JSON, or no field's fault, is refused as a whole", arguments: malformed)
    func whole(json: String) async throws {
        let status = try await Self.refusal(of: json)
        #expect(status.code == .invalidArgument && status.reason == "MALFORMED_PAYLOAD")
        #expect(status.violations.isEmpty)
    }

    @Test("a fault far into a large payload is not looked for without end")
    func large() async throws {
        let many = #"{"numbers":["# + String(repeating: "1,", count: 50_000) + #""x"]}"#
        #expect(try await Self.refusal(of: many).reason == "MALFORMED_PAYLOAD")
        // A field that is longer than all that may be tried.
        let long = #"{"string":""# + String(repeating: "x", count: 1_100_000) + #"","zome":1}"#
        #expect(try await Self.refusal(of: long).text.en.contains("zome"))
        let name = String(repeating: "z", count: 100_000)
        let status = try await Self.refusal(of: #"{"\#(name)":1}"#)
        #expect(status.violations.first?.field == String(repeating: "z", count: 32) + "…")
    }
}
