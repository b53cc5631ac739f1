import ModuleKit
import RPC
import SwiftProtobuf

/// What a waiting call with a key knows of itself, on its loop: what has been asked, and whether that was done before.
final class KeyedWait {
    let key: IdempotencyKey
    /// Of the messages that the handler has taken.
    var fingerprint = Fingerprint()
    /// The answer of the first time; it goes before whatever the handler gives or throws.
    var kept: [UInt8]?
    /// The call's one write has begun: another one, which there should not be, must not find its row.
    private var hasWritten = false

    init(_ key: IdempotencyKey) { self.key = key }

    /// What the call's write is looked up by; nil for a second one.
    func takeClaim() -> (key: IdempotencyKey, fingerprint: Fingerprint)? {
        guard !hasWritten else { return nil }
        hasWritten = true
        return (key, fingerprint)
    }
}

@available(*, unavailable) extension KeyedWait: Sendable {}

/// Ends a handler whose call was carried out before.
struct CarriedOutBefore: Error {}
