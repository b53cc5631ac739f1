import Testing
import Wire

@testable import RPC

@Suite("What a connection does with a frame")
struct ConnectionStateTests {
    private static func header(
        _ id: UInt32, _ type: FrameType = .request, _ flags: FrameFlags = [], byteCount: UInt32 = 5
    ) -> FrameHeader {
        FrameHeader(dataByteCount: byteCount, streamID: id, type: type, flags: flags)
    }

    @Test("odd ids that rise are opened, gaps or not")
    func rising() {
        var state = ConnectionState(messageBytesMax: 10)
        for id: UInt32 in [1, 3, 5, 101, .max] {
            #expect(state.received(.frame, Self.header(id)) == .open(streamID: id, .unary))
        }
    }

    @Test("an even id is refused and changes nothing", arguments: [0, 2, 4_294_967_294] as [UInt32])
    func even(id: UInt32) {
        var state = ConnectionState(messageBytesMax: 10)
        #expect(state.received(.frame, Self.header(id)) == .refuse(streamID: id, .streamIDEven(id)))
        #expect(state.received(.frame, Self.header(1)) == .open(streamID: 1, .unary))
    }

    @Test("an id that does not rise is refused and the next good one is taken", arguments: [1, 7, 9] as [UInt32])
    func backward(id: UInt32) {
        var state = ConnectionState(messageBytesMax: 10)
        #expect(state.received(.frame, Self.header(9)) == .open(streamID: 9, .unary))
        #expect(state.received(.frame, Self.header(id)) == .refuse(streamID: id, .streamIDNotIncreasing(id, last: 9)))
        #expect(state.received(.frame, Self.header(11)) == .open(streamID: 11, .unary))
    }

    @Test("an oversize request uses its id up")
    func oversize() {
        var state = ConnectionState(messageBytesMax: 10)
        let expected = ConnectionState.Action.refuse(streamID: 1, .frameTooLarge(byteCount: 99, max: 10))
        #expect(state.received(.oversize, Self.header(1, byteCount: 99)) == expected)
        #expect(state.received(.frame, Self.header(1)) == .refuse(streamID: 1, .streamIDNotIncreasing(1, last: 1)))
        #expect(state.received(.oversize, Self.header(2, byteCount: 99)) == .refuse(streamID: 2, .streamIDEven(2)))
    }

    @Test("a request's flags say what may follow it")
    func flags() {
        var state = ConnectionState(messageBytesMax: 10)
        #expect(state.received(.frame, Self.header(1, .request, .remoteClosed)) == .open(streamID: 1, .halfClosed))
        #expect(state.received(.frame, Self.header(3, .request, .remoteOpen)) == .open(streamID: 3, .open))
        #expect(
            state.received(.frame, Self.header(5, .request, [.remoteClosed, .noData]))
                == .open(streamID: 5, .halfClosed))
    }

    @Test("data is for its stream, which may be open or not", arguments: [0, 1, 2, 3] as [UInt32])
    func data(id: UInt32) {
        var state = ConnectionState(messageBytesMax: 10)
        #expect(state.received(.frame, Self.header(id, .data)) == .data(streamID: id))
        #expect(state.received(.oversize, Self.header(id, .data)) == .data(streamID: id))
        #expect(state.received(.frame, Self.header(1)) == .open(streamID: 1, .unary))
    }

    @Test(
        "a response and a frame of an unknown type are passed over", arguments: [FrameDecoder.Event.frame, .oversize])
    func ignored(event: FrameDecoder.Event) {
        var state = ConnectionState(messageBytesMax: 10)
        #expect(state.received(event, Self.header(1, .response)) == .ignore)
        var unknown = Self.header(1)
        unknown.type = 77
        #expect(state.received(event, unknown) == .ignore)
        #expect(state.received(.frame, Self.header(1)) == .open(streamID: 1, .unary))
    }
}
