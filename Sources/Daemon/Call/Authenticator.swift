import EventLoop
import ModuleKit
import RPC
import Store

/// Finds out who calls: by bearer token, else by the user id behind the Unix socket.
///
/// What was found holds for the connection as long as the same credential comes, no grant or token of the daemon has
/// changed, and nothing of it has ended by the clock.
struct Authenticator: Sendable {
    let people: (any PeopleDirectory)?
    let operatorUIDs: Set<UInt32>
    let guesses: GuessGuard
    let reporter: GuessReporter

    /// - Throws: UNAUTHENTICATED for a credential that is not valid (any more).
    func caller(of call: ServerCall, _ credentials: ConnectionCredentials) throws -> KnownCaller {
        let host = credentials.host
        let generation = host.batchGeneration
        if let known = credentials.known, known.authorizationID == call.authorizationID,
            known.generation == generation, host.batchInstant < known.validUntil
        {
            return known
        }
        let caller = try newCaller(call, credentials, host)
        let known = KnownCaller(caller, authorizationID: call.authorizationID, generation: generation)
        credentials.known = known
        return known
    }

    private func newCaller(_ call: ServerCall, _ credentials: ConnectionCredentials, _ host: LoopHost) throws -> Caller
    {
        let now = host.batchInstant
        guard call.authorizationID != 0 else {
            let isOperator = call.connection.peer.map { operatorUIDs.contains($0.uid) } ?? false
            return isOperator ? .operator : .nobody
        }
        // A token that was good on this connection is no guess, also once it has ended.
        guard credentials.known?.authorizationID != call.authorizationID else {
            guard let caller = try lookUp(call.authorization, at: now, in: host.reader) else { throw Status.badToken }
            return caller
        }
        let source = GuessSource(call.connection)
        if let wait = guesses.wait(of: source, at: now) { throw Status.tooManyBadTokens(retryDelay: wait) }
        guard let caller = try lookUp(call.authorization, at: now, in: host.reader) else {
            if guesses.failed(source, at: now) == .due { reporter.report(source, at: now, through: host.sink) }
            throw Status.badToken
        }
        return caller
    }

    /// Whose token it is; nil for one that is not good, of whatever kind.
    private func lookUp(_ authorization: [UInt8], at now: Timestamp, in db: Reader) throws -> Caller? {
        // One of another form costs no look-up.
        guard let secret = Self.bearerToken(authorization), TokenMint.isWellFormed(secret) else { return nil }
        let hash = TokenMint.hash(secret)
        if let key = try ServiceKeyRecord.find(hash: hash, at: now, in: db) {
            var caller = key.caller
            caller.credential = .token(key.name.serviceKey)
            return caller
        }
        guard let token = try TokenTable.find(hash: hash, at: now, in: db),
            var caller = try people?.caller(person: token.person, at: now, in: db)
        else { return nil }
        caller.credential =
            switch token.kind {
            case .access: .token(token.id)
            case .bootstrap: .bootstrap(token.id)
            }
        caller.validUntil = min(caller.validUntil, token.expiresAt ?? .max)
        return caller
    }

    /// The secret of "Bearer …" (RFC 6750 §2.1; the scheme's case does not count).
    private static func bearerToken(_ value: [UInt8]) -> String? {
        let scheme = "bearer "
        let text = String(decoding: value, as: UTF8.self)
        guard text.prefix(scheme.count).lowercased() == scheme else { return nil }
        return String(text.dropFirst(scheme.count))
    }
}

extension Status {
    /// The token was never made, has ended, is used up or revoked, or its person may not come in: all the same.
    static let badToken = Status(
        .unauthenticated, "TOKEN_INVALID",
        fr: "Ce jeton d'accès n'est pas valide.", en: "This access token is not valid.")

    /// The source of the call has had too many bad tokens; this one was not looked at.
    static func tooManyBadTokens(retryDelay: Duration) -> Status {
        Status(
            .resourceExhausted, "TOO_MANY_BAD_TOKENS",
            fr: "Trop de jetons invalides sont venus d'ici : réessayez plus tard.",
            en: "Too many bad tokens have come from here: try again later.", retryDelay: retryDelay)
    }

    /// A single-use token came for something else than making a real one.
    static let bootstrapOnly = Status(
        .permissionDenied, "BOOTSTRAP_TOKEN",
        fr: "Ce jeton ne sert qu'à créer un jeton d'accès : cordee tokens create.",
        en: "This token is only good for making an access token: cordee tokens create.")
}
