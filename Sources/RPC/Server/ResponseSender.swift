import EventLoop
public import SwiftProtobuf

/// Where the handler of a stream puts its messages.
public struct ResponseSender<Response: Message & Sendable>: Sendable {
    let call: LoopBound<ServerCall>
    let before: (@Sendable ([Response]) async throws -> Void)?
    let check: @Sendable () throws -> Void

    /// Sends one message; it leaves at the end of the turn.
    ///
    /// Suspends while the client has not taken what was sent before (`ServerLimits.streamUnsentBytesMax`), and after so
    /// many messages that other connections must have their turn.
    /// - Throws: a `Status`, if the message is too long or the caller may not have it any more; `CancellationError`, once the call is over.
    public func send(_ message: Response) async throws {
        try await before?([message])
        try await put(message)
    }

    /// Sends some messages, one after the other. What a server does before messages leave it does once for all of them.
    public func send(contentsOf messages: [Response]) async throws {
        try await before?(messages)
        for message in messages { try await put(message) }
    }

    private func put(_ message: Response) async throws {
        while call.value.mustWaitToSend {
            let room = LoopBound<Signal>(call.value.connection.roomSignal(), on: call.loop)
            try await room.wait { !call.value.isFinished && call.value.connection.beginsToWait() }
        }
        guard !call.value.isFinished, !call.value.connection.isClosed else { throw CancellationError() }
        try check()
        try call.value.send(message)
    }
}
