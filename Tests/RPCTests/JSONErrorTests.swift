import RPC
import Testing
import Wire

/// An error of a JSON call can be read without protobuf.
@Suite("Errors in JSON", .timeLimit(.minutes(10)))
struct JSONErrorTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let metadata = [
        ("content-type", "application/json"), ("accept-language", "en"),
        ("traceparent", "00-\(trace)-00f067aa0ba902b7-01"),
    ]
    private static let refusal = #"""
        {"code":9,"message":"The workshop is full.","details":[\#
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CAPACITY_FULL","domain":"cordee",\#
        "metadata":{"capacity":"3"}},\#
        {"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en","message":"The workshop is full."},\#
        {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[\#
        {"field":"a.b[0]","description":"required","reason":"REQUIRED"},\#
        {"field":"c","description":"too long","reason":"TOO_LONG"}]},\#
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"},\#
        {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"4bf92f3577b34da6a3ce929d0e0e4736"}]}
        """#

    private static func payload(of answer: RawPeer.Answer?) -> String {
        String(decoding: answer?.payload ?? [], as: UTF8.self)
    }

    @Test("a call that fails carries its status with all details in JSON beside the binary one", arguments: [1, 2])
    func unary(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Refuse", payload: Array("{}".utf8), metadata: Self.metadata))
            let answer = await peer.next()
            #expect(answer?.code == .failedPrecondition && answer?.reason == "CAPACITY_FULL")
            #expect(Self.payload(of: answer) == Self.refusal)
        }
    }

    @Test("so does a stream")
    func stream() async throws {
        try await TestServer.run(loops: 1) { test in
            let peer = try await RawPeer(to: test)
            let payload = Array(#"{"domain":"fail"}"#.utf8)
            peer.send(Frames.request(1, "Count", payload: payload, flags: .remoteClosed, metadata: Self.metadata))
            #expect(await Self.payload(of: peer.next()) == Self.refusal)
        }
    }

    @Test("so does a call that no handler sees, once its codec is known")
    func refused() async throws {
        try await TestServer.run(loops: 1) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Nothing", payload: [], metadata: Self.metadata))
            let answer = await peer.next()
            #expect(Self.payload(of: answer).hasPrefix(#"{"code":12,"message":"The service "#))
            #expect(Self.payload(of: answer).contains(#""reason":"UNKNOWN_METHOD""#))
            peer.send(Frames.request(2, metadata: Self.metadata))
            #expect(await peer.next()?.payload == [])
        }
    }

    @Test("an error of a protobuf call has no payload")
    func protobuf() async throws {
        try await TestServer.run(loops: 1) { test in
            let peer = try await RawPeer(to: test)
            peer.send(Frames.request(1, "Refuse"))
            let answer = await peer.next()
            #expect(answer?.reason == "CAPACITY_FULL" && answer?.payload == [])
        }
    }
}
