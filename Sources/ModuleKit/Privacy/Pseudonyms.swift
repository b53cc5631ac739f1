import CCrypto

/// Marks that tell whether a text is one that was seen before, without holding it: keyed hashes, so that whoever has the
/// database alone cannot try out all names and numbers.
public struct Pseudonyms: Sendable {
    private let key: [UInt8]

    /// - Parameter secret: 32 secret bytes from outside the database.
    public init(secret: [UInt8]) { key = hmacSHA256(secret, Array("cordee pseudonyms v1".utf8)) }

    /// The mark of a text: HMAC-SHA256, 32 bytes. With another key, or for another purpose, it is another one.
    public func mark(_ text: String, for purpose: String) -> [UInt8] {
        // The purpose's length stands before it, so that no two pairs are the same bytes.
        hmacSHA256(key, Array("\(purpose.utf8.count):\(purpose)\(text)".utf8))
    }
}

/// HMAC-SHA256 (RFC 2104).
public func hmacSHA256(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, nil)
    return digest
}
