import CCrypto
import RPC

/// Makes and checks page tokens: opaque to clients, authenticated, and bound to the method, the query and the caller.
///
/// A token is base64url of `HMAC-SHA256(key, context ‖ place)[0..<16] ‖ place`; `place` is where the page ended.
public struct PageTokens: Sendable {
    private static let tagByteCount = 16
    private let key: [UInt8]

    /// - Parameter key: 32 secret bytes of this daemon: a token of another daemon is refused.
    public init(key: [UInt8]) { self.key = key }

    func token(for place: [UInt8], in context: [UInt8]) -> String { Base64URL.encode(tag(place, context) + place) }

    /// - Throws: INVALID_ARGUMENT for a token that was not made here for the same query and caller.
    func place(in token: String, for context: [UInt8]) throws(Status) -> [UInt8] {
        guard let bytes = Base64URL.decode(token), bytes.count >= Self.tagByteCount else { throw Self.refusal }
        let place = Array(bytes[Self.tagByteCount...])
        let expected = tag(place, context)
        let isSame = unsafe CRYPTO_memcmp(expected, bytes, Self.tagByteCount) == 0
        guard isSame else { throw Self.refusal }
        return place
    }

    private static var refusal: Status {
        .badField(
            "page_token", fr: "Ce jeton de page n'est pas de cette liste.", en: "This page token is not of this list.")
    }

    private func tag(_ place: [UInt8], _ context: [UInt8]) -> [UInt8] {
        Array(hmacSHA256(key, context + place).prefix(Self.tagByteCount))
    }
}
