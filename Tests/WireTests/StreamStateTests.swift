import Testing
import Wire

@Suite("The state of a stream")
struct StreamStateTests {
    private typealias State = StreamState

    private static let events: [State.Event] =
        [.response, .giveUp]
        + State.Party.allCases.flatMap { party in State.Content.allCases.map { .data(party, $0) } }

    private struct Row: Sendable {
        var state: StreamState
        var event: StreamState.Event
        var action: StreamState.Action
        var next: StreamState

        init(_ state: StreamState, _ event: StreamState.Event, _ action: StreamState.Action, _ next: StreamState) {
            (self.state, self.event, self.action, self.next) = (state, event, action, next)
        }
    }

    /// Each state with each event, written out from PROTOCOL.md.
    private static let table: [Row] = [
        Row(.unary, .response, .answer, .finished),
        Row(.unary, .giveUp, .drop, .finished),
        Row(.unary, .data(.client, .message), .violation, .finished),
        Row(.unary, .data(.client, .lastMessage), .violation, .finished),
        Row(.unary, .data(.client, .close), .violation, .finished),
        Row(.unary, .data(.client, .nothing), .violation, .finished),
        Row(.unary, .data(.server, .message), .violation, .finished),
        Row(.unary, .data(.server, .lastMessage), .violation, .finished),
        Row(.unary, .data(.server, .close), .violation, .finished),
        Row(.unary, .data(.server, .nothing), .violation, .finished),
        Row(.open, .response, .answer, .finished),
        Row(.open, .giveUp, .drop, .finished),
        Row(.open, .data(.client, .message), .pass(message: true, end: false), .open),
        Row(.open, .data(.client, .lastMessage), .pass(message: true, end: true), .halfClosed),
        Row(.open, .data(.client, .close), .pass(message: false, end: true), .halfClosed),
        Row(.open, .data(.client, .nothing), .ignore, .open),
        Row(.open, .data(.server, .message), .pass(message: true, end: false), .open),
        Row(.open, .data(.server, .lastMessage), .pass(message: true, end: true), .finished),
        Row(.open, .data(.server, .close), .pass(message: false, end: true), .finished),
        Row(.open, .data(.server, .nothing), .ignore, .open),
        Row(.halfClosed, .response, .answer, .finished),
        Row(.halfClosed, .giveUp, .drop, .finished),
        Row(.halfClosed, .data(.client, .message), .violation, .finished),
        Row(.halfClosed, .data(.client, .lastMessage), .violation, .finished),
        Row(.halfClosed, .data(.client, .close), .violation, .finished),
        Row(.halfClosed, .data(.client, .nothing), .violation, .finished),
        Row(.halfClosed, .data(.server, .message), .pass(message: true, end: false), .halfClosed),
        Row(.halfClosed, .data(.server, .lastMessage), .pass(message: true, end: true), .finished),
        Row(.halfClosed, .data(.server, .close), .pass(message: false, end: true), .finished),
        Row(.halfClosed, .data(.server, .nothing), .ignore, .halfClosed),
        Row(.finished, .response, .ignore, .finished),
        Row(.finished, .giveUp, .ignore, .finished),
        Row(.finished, .data(.client, .message), .ignore, .finished),
        Row(.finished, .data(.client, .lastMessage), .ignore, .finished),
        Row(.finished, .data(.client, .close), .ignore, .finished),
        Row(.finished, .data(.client, .nothing), .ignore, .finished),
        Row(.finished, .data(.server, .message), .ignore, .finished),
        Row(.finished, .data(.server, .lastMessage), .ignore, .finished),
        Row(.finished, .data(.server, .close), .ignore, .finished),
        Row(.finished, .data(.server, .nothing), .ignore, .finished),
    ]

    @Test("each event in each state has its one action and next state")
    func wholeTable() {
        for state in State.allCases {
            for event in Self.events {
                let rows = Self.table.filter { $0.state == state && $0.event == event }
                #expect(rows.count == 1, "\(state), \(event)")
                guard let row = rows.first else { continue }
                var moved = state
                #expect(moved.apply(event) == row.action, "\(state), \(event)")
                #expect(moved == row.next, "\(state), \(event)")
            }
        }
        #expect(Self.table.count == State.allCases.count * Self.events.count)
    }

    @Test("a new stream stands where its request's flags say")
    func opening() {
        #expect(State(requestFlags: []) == .unary)
        #expect(State(requestFlags: .noData) == .unary)
        #expect(State(requestFlags: .remoteOpen) == .open)
        #expect(State(requestFlags: .remoteClosed) == .halfClosed)
        #expect(State(requestFlags: [.remoteClosed, .remoteOpen]) == .halfClosed)
    }

    @Test("a Data frame says by its flags whether it has a message and whether it is the last")
    func content() {
        #expect(State.Content([]) == .message)
        #expect(State.Content(.remoteClosed) == .lastMessage)
        #expect(State.Content([.remoteClosed, .noData]) == .close)
        #expect(State.Content(.noData) == .nothing)
        #expect(State.Content(.remoteOpen) == .message)
    }
}
