import ModuleKit

/// Makes token secrets and hashes them.
///
/// A secret is `cordee_` and 32 random bytes in base64url; only its SHA-256 is stored. The bytes are random enough
/// (256 bits) that a plain hash needs no salt and no stretching.
struct TokenMint: Sendable {
    static let prefix = "cordee_"

    /// A fresh secret with its hash.
    func mint() -> (secret: String, hash: [UInt8]) {
        let bytes = randomBytes(32)
        let secret = Self.prefix + Base64URL.encode(bytes)
        return (secret, Self.hash(secret))
    }

    static func hash(_ secret: String) -> [UInt8] { sha256(Array(secret.utf8)) }
}
