import Testing

@testable import RPC

@Suite("The call's id from traceparent")
struct TraceIDTests {
    private static func parse(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return TraceID(traceparent: bytes.span.bytes)?.text
    }

    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let rest = "-00f067aa0ba902b7-01"

    @Test("the trace-id of a valid value is taken, of a later version too")
    func valid() {
        #expect(Self.parse("00-\(Self.trace)\(Self.rest)") == Self.trace)
        #expect(Self.parse("01-\(Self.trace)\(Self.rest)") == Self.trace)
        #expect(Self.parse("01-\(Self.trace)\(Self.rest)-more") == Self.trace)
        #expect(Self.parse("00-0000000000000000000000000000000a\(Self.rest)") == "0000000000000000000000000000000a")
    }

    @Test(
        "what W3C Trace Context calls invalid is not taken",
        arguments: [
            "", "00", "00-\(trace)", "ff-\(trace)\(rest)", "00-\(trace)\(rest)-more", "00-\(trace)\(rest)x",
            "00-\(trace.uppercased())\(rest)", "00-00000000000000000000000000000000\(rest)",
            "00-\(trace)-0000000000000000-01", "00_\(trace)\(rest)", "00-\(trace)-00f067aa0ba902b7_01",
            "0x-\(trace)\(rest)", "00-\(trace)-00f067aa0ba902b7-0g", "01-\(trace)\(rest)more",
        ])
    func invalid(text: String) { #expect(Self.parse(text) == nil) }

    @Test("two ids that we make differ, and are valid trace-ids")
    func random() {
        let ids = Set((0..<100).map { _ in TraceID.random().text })
        #expect(ids.count == 100)
        #expect(ids.allSatisfy { Self.parse("00-\($0)\(Self.rest)") == $0 })
    }
}
