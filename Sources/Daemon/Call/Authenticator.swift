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

    /// - Throws: UNAUTHENTICATED for a credential that is not valid (any more).
    func caller(of call: ServerCall, _ credentials: ConnectionCredentials) throws -> KnownCaller {
        let host = credentials.host
        let generation = host.batchGeneration
        if let known = credentials.known, known.authorizationID == call.authorizationID,
            known.generation == generation, host.batchInstant < known.validUntil
        {
            return known
        }
        let caller = try lookUp(call, at: host.batchInstant, in: host.reader)
        let known = KnownCaller(caller, authorizationID: call.authorizationID, generation: generation)
        credentials.known = known
        return known
    }

    private func lookUp(_ call: ServerCall, at now: Timestamp, in db: Reader) throws -> Caller {
        guard call.authorizationID != 0 else {
            let isOperator = call.connection.peer.map { operatorUIDs.contains($0.uid) } ?? false
            return isOperator ? .operator : .nobody
        }
        guard let secret = Self.bearerToken(call.authorization), TokenMint.isWellFormed(secret) else {
            throw Status.badToken
        }
        let hash = TokenMint.hash(secret)
        if let key = try ServiceKeyRecord.find(hash: hash, at: now, in: db) {
            var caller = key.caller
            caller.credential = .token(key.name.serviceKey)
            return caller
        }
        guard let token = try TokenTable.find(hash: hash, at: now, in: db),
            var caller = try people?.caller(person: token.person, at: now, in: db)
        else { throw Status.badToken }
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

    /// A single-use token came for something else than making a real one.
    static let bootstrapOnly = Status(
        .permissionDenied, "BOOTSTRAP_TOKEN",
        fr: "Ce jeton ne sert qu'à créer un jeton d'accès : cordee tokens create.",
        en: "This token is only good for making an access token: cordee tokens create.")
}
