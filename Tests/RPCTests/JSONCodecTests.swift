import FoundationEssentials
import RPC
import SwiftProtobuf
import Testing

/// The texts are written by hand from protobuf.dev/programming-guides/json.
@Suite("The JSON codec", .timeLimit(.minutes(10)))
struct JSONCodecTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let json: String
        /// As it is written; nil if that is how it was read.
        let canonical: String?
        /// Made anew each time: the leak checker does not see what only a oneof in a global holds.
        var value: Kinds { .with(fill) }
        private let fill: @Sendable (inout Kinds) -> Void

        init(_ json: String, writtenAs canonical: String? = nil, _ fill: @escaping @Sendable (inout Kinds) -> Void) {
            (self.json, self.canonical, self.fill) = (json, canonical, fill)
        }

        var testDescription: String { json }
    }

    static let numbers: [Row] = [
        Row("{}") { _ in },
        Row(#"{"int32":-7}"#) { $0.int32 = -7 },
        Row(#"{"int32":"7"}"#, writtenAs: #"{"int32":7}"#) { $0.int32 = 7 },
        Row(#"{"int32":1e2}"#, writtenAs: #"{"int32":100}"#) { $0.int32 = 100 },
        Row(#"{"int64":"-9223372036854775808"}"#) { $0.int64 = .min },
        Row(#"{"int64":9007199254740991}"#, writtenAs: #"{"int64":"9007199254740991"}"#) {
            $0.int64 = 9_007_199_254_740_991
        },
        Row(#"{"uint32":4294967295,"uint64":"18446744073709551615"}"#) { ($0.uint32, $0.uint64) = (.max, .max) },
        Row(#"{"sint64":"-1","fixed64":"1","sfixed32":-1}"#) { ($0.sint64, $0.fixed64, $0.sfixed32) = (-1, 1, -1) },
        Row(#"{"float":1.5,"double":-0.25}"#) { ($0.float, $0.double) = (1.5, -0.25) },
        Row(#"{"float":"Infinity","double":"-Infinity"}"#) { ($0.float, $0.double) = (.infinity, -.infinity) },
        Row(#"{"bool":true}"#) { $0.bool = true },
        Row(#"{"maybe":0}"#) { $0.maybe = 0 },
        Row(#"{"numbers":["1","-2"]}"#) { $0.numbers = [1, -2] },
        Row(#"{"int32":null,"part":null,"numbers":null,"texts":null}"#, writtenAs: "{}") { _ in },
    ]

    static let texts: [Row] = [
        Row(#"{"string":"é\"\\\n"}"#) { $0.string = "é\"\\\n" },
        Row(#"{"string":"\u00e9\ud83d\ude00"}"#, writtenAs: #"{"string":"é😀"}"#) { $0.string = "é😀" },
        Row(#"{"bytes":"AP8+"}"#) { $0.bytes = .init([0, 255, 62]) },
        Row(#"{"bytes":"-_8"}"#, writtenAs: #"{"bytes":"+/8="}"#) { $0.bytes = .init([251, 255]) },
        Row(#"{"colour":"COLOUR_RED"}"#) { $0.colour = .red },
        Row(#"{"colour":-2}"#, writtenAs: #"{"colour":"COLOUR_BLUE"}"#) { $0.colour = .blue },
        Row(#"{"colour":99}"#) { $0.colour = .UNRECOGNIZED(99) },
        Row(#"{"colours":["COLOUR_RED","COLOUR_UNSPECIFIED"]}"#) { $0.colours = [.red, .unspecified] },
        Row(#"{"word":""}"#) { $0.word = "" },
    ]

    static let messages: [Row] = [
        Row(#"{"part":{}}"#) { $0.part = .init() },
        Row(#"{"parts":[{"name":"a","rowCount":1},{}]}"#) {
            $0.parts = [.with { ($0.name, $0.rowCount) = ("a", 1) }, .init()]
        },
        Row(#"{"parts":[{"row_count":1}]}"#, writtenAs: #"{"parts":[{"rowCount":1}]}"#) {
            $0.parts = [.with { $0.rowCount = 1 }]
        },
        Row(#"{"texts":{"fr-CA":"é"}}"#) { $0.texts = ["fr-CA": "é"] },
        Row(#"{"partsByNumber":{"-1":{"name":"a"}}}"#) { $0.partsByNumber = [-1: .with { $0.name = "a" }] },
        Row(#"{"counts":{"true":1}}"#) { $0.counts = [true: 1] },
        Row(#"{"colourOf":{"a":"COLOUR_RED"}}"#) { $0.colourOf = ["a": .red] },
        Row(#"{"piece":{"inner":{"name":"b"}}}"#) { $0.piece = .with { $0.inner.name = "b" } },
    ]

    static let wellKnown: [Row] = [
        Row(#"{"startTime":"2026-11-24T15:45:00Z"}"#) { $0.startTime = .init(seconds: 1_795_535_100) },
        Row(#"{"startTime":"2026-11-24T15:45:00.250Z"}"#) {
            $0.startTime = .init(seconds: 1_795_535_100, nanos: 250_000_000)
        },
        Row(#"{"startTime":"2026-11-24T10:45:00-05:00"}"#, writtenAs: #"{"startTime":"2026-11-24T15:45:00Z"}"#) {
            $0.startTime = .init(seconds: 1_795_535_100)
        },
        Row(#"{"startTime":"0001-01-01T00:00:00Z"}"#) { $0.startTime = .init(seconds: -62_135_596_800) },
        Row(#"{"length":"1.500s"}"#) { $0.length = .init(seconds: 1, nanos: 500_000_000) },
        Row(#"{"length":"-3s"}"#) { $0.length = .init(seconds: -3) },
        Row(#"{"updateMask":"title,sessions.startLocal"}"#) {
            $0.updateMask = .with { $0.paths = ["title", "sessions.start_local"] }
        },
        Row(#"{"big":"0","flag":false,"title":"","key":"AA==","ratio":0.5}"#) {
            ($0.big, $0.flag, $0.title) = (.init(0), .init(false), .init(""))
            ($0.key, $0.ratio) = (.init(.init([0])), .init(0.5))
        },
        Row(#"{"tree":{"a":[1.5,null,"b",{"c":true}]}}"#) {
            let inner = Google_Protobuf_Value(structValue: .init(fields: ["c": true]))
            let list: Google_Protobuf_ListValue = .with {
                $0.values = [1.5, .with { $0.nullValue = .nullValue }, "b", inner]
            }
            $0.tree = .init(fields: ["a": .init(listValue: list)])
        },
        Row(#"{"anyValue":null}"#) { $0.anyValue = .with { $0.nullValue = .nullValue } },
        Row(#"{"list":[],"empty":{}}"#) { ($0.list, $0.empty) = (.init(), .init()) },
    ]

    @Test(
        "each kind of field is read and written as protobuf-JSON says",
        arguments: numbers + texts + messages + wellKnown)
    func mapping(row: Row) async throws {
        try await TestServer.run(loops: 1, ServerLimits(), KindsMethods.all) { test in
            let client = try await test.connect()
            func call(_ method: String, _ payload: [UInt8]) async throws -> [UInt8] {
                try await client.call(
                    service: KindsMethods.service, method: method, payload: payload, CallOptions(isJSON: true))
            }
            let read = try await Google_Protobuf_BytesValue(jsonUTF8Bytes: call("Encode", Array(row.json.utf8)))
            #expect(try KindsMethods.unwrapped(read.serializedBytes()) == row.value)
            let given = try Google_Protobuf_BytesValue(serializedBytes: KindsMethods.wrapped(row.value))
            let written = try await call("Decode", given.jsonUTF8Bytes())
            #expect(String(decoding: written, as: UTF8.self) == row.canonical ?? row.json)
        }
    }
}
