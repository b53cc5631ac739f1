import CordeeAPI
import EventLoop
import ModuleKit
import RPC
import SwiftProtobuf

/// What one keyed write is known by, so that it is carried out once: its caller, its method and the key that came.
///
/// The key is the client's; it means nothing beside another caller's same one, or with another method.
struct IdempotencyKey: Sendable, Equatable {
    /// The value of `idempotency-key`, 1…128 visible ASCII characters.
    let text: String
    /// Who calls: a person's id, or "operator/" and a user id. The credential does not count: a person who repeats a
    /// call with a newer token is the same.
    let principal: String
    /// The method's path, "service/method".
    let method: String

    static let byteCountMax = 128

    /// The key of a call; nil if it has none.
    ///
    /// - Throws: INVALID_ARGUMENT for a key that is not one, or of a caller whom nobody knows: what two of those send
    ///   could not be told apart.
    init?(of call: ServerCall, by caller: Caller, to method: String) throws(Status) {
        guard let text = call.idempotencyKey else { return nil }
        let isWellFormed =
            (1...Self.byteCountMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isWellFormed else { throw .badIdempotencyKey }
        switch caller.kind {
        case .person(let id, _): principal = id
        case .service(let id, _): principal = "serviceKeys/\(id)"
        case .operator:
            guard let peer = call.connection.peer else { throw .idempotencyUnsupported }
            principal = "operator/\(peer.uid)"
        case .nobody: throw .idempotencyUnsupported
        }
        (self.text, self.method) = (text, method)
    }
}

/// What was asked for, in 16 bytes, so that a key that comes with something else is noticed: half of a SHA-256, since
/// who finds two requests with the same half deceives nobody but themselves.
///
/// It is taken from the decoded messages, so that one request in protobuf and in JSON has one.
struct Fingerprint: Sendable, Equatable {
    private(set) var bytes: [UInt8] = []

    /// Adds a message of a stream, or the one of a unary call.
    mutating func add(_ message: some SwiftProtobuf.Message) throws {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let encoded: [UInt8] = try message.serializedBytes(partial: true, options: options)
        // Each link of the chain has a length of its own, so two streams that differ only in their cuts differ.
        bytes = Array(sha256(bytes + encoded).prefix(16))
    }

    init() {}

    init(of message: some SwiftProtobuf.Message) throws { try add(message) }
}

extension Status {
    static let badIdempotencyKey = Status(
        .invalidArgument, "BAD_IDEMPOTENCY_KEY",
        fr: "La clé d'idempotence doit avoir de 1 à 128 caractères ASCII visibles.",
        en: "The idempotency key must have 1 to 128 visible ASCII characters.")

    /// The method, or its caller, has no use for a key, and a client that relies on it must know.
    static let idempotencyUnsupported = Status(
        .invalidArgument, "IDEMPOTENCY_UNSUPPORTED",
        fr: "Cet appel ne peut pas avoir de clé d'idempotence.", en: "This call cannot have an idempotency key.")

    static let idempotencyKeyReused = Status(
        .failedPrecondition, "IDEMPOTENCY_KEY_REUSED",
        fr: "Cette clé d'idempotence a déjà servi à une autre demande.",
        en: "This idempotency key has come with another request before.")

    /// Carried out before; what it answered holds a secret, which is never written down.
    static let answerNotKept = Status(
        .failedPrecondition, "ANSWER_NOT_KEPT",
        fr:
            "C'est déjà fait, et la réponse, montrée une seule fois, n'a pas été conservée. Recommencez avec une autre clé.",
        en: "It was done before, and its answer, shown only once, was not kept. Do it again with another key.")

    /// Carried out before; what it answered was about a person whose data has been erased.
    static let answerErased = Status(
        .failedPrecondition, "ANSWER_ERASED",
        fr: "C'est déjà fait, et la réponse a été effacée avec les renseignements d'une personne.",
        en: "It was done before, and its answer was erased with a person's data.")
}
