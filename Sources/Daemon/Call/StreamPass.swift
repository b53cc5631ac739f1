import ModuleKit
import RPC

/// The right of a stream's caller to go on: a stream may outlive a token or a grant, so it is looked at again before
/// each message, each read and each write.
///
/// That look is two comparisons as long as no grant or token of the daemon has changed and nothing of the caller's has
/// ended by the clock; only then is the caller looked up anew. On the connection's loop.
final class StreamPass {
    let call: ServerCall
    private let entrance: Entrance
    private let host: LoopHost
    private var resource: String
    private var current: CallFacts
    private var generation: UInt64

    init(
        _ facts: CallFacts, over resource: String, of call: ServerCall, through entrance: Entrance, in host: LoopHost
    ) {
        (self.call, self.entrance, self.host, self.resource) = (call, entrance, host, resource)
        current = facts
        generation = host.batchGeneration
    }

    /// The facts of the call as they are now.
    ///
    /// - Throws: as the authentication and the authorisation of a new call.
    func facts() throws -> CallFacts {
        let now = host.currentInstant
        if generation == host.currentGeneration, now < current.caller.validUntil {
            current.now = now
        } else {
            try renew()
        }
        return current
    }

    /// Until when the caller's right holds, as far as it is known.
    var validUntil: Timestamp { current.caller.validUntil }

    /// Ends the stream if its caller may not go on, with the status that a new call would get.
    func look() {
        guard !call.isFinished else { return }
        do {
            _ = try facts()
        } catch let error as any StatusConvertible {
            call.stop(error)
        } catch {
            // The store fails: what the stream does next meets the same, and says so.
        }
    }

    /// The first message has said what the stream is about.
    ///
    /// - Throws: NOT_FOUND or PERMISSION_DENIED, as for a call about it.
    func narrow(to resource: String) throws {
        self.resource = resource
        try renew()
    }

    func responses<Response>(
        _ type: Response.Type, before: (@Sendable ([Response]) async throws -> Void)?,
        check: @escaping @Sendable () throws -> Void
    ) -> ResponseSender<Response> { call.responses(type, before: before, check: check) }

    private func renew() throws {
        guard let credentials = call.connection.attachment as? ConnectionCredentials else { throw CancellationError() }
        try host.moment {
            let admission = try entrance.admit(call, credentials)
            current = try admission.facts(over: resource, now: host.batchInstant, language: call.language)
            generation = host.batchGeneration
        }
    }
}
