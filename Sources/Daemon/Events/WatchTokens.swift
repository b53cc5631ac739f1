import CCrypto
import ModuleKit
import RPC

/// A place in a log.
struct WatchPlace: Sendable, Hashable {
    /// The log's id: 16 hexadecimal digits.
    var log: String
    var sequence: Int64
}

/// Makes and reads what watchers resume with: base64url of one AES-256 block over the log's id and the place in it.
///
/// It is enciphered, not only opaque: places are counted over all boards, and their difference would tell a watcher how
/// much happens in others. A block that was not made here deciphers to a log that does not exist.
struct WatchTokens: Sendable {
    private let key: [UInt8]

    /// - Parameter secret: 32 secret bytes of this daemon.
    init(secret: [UInt8]) { key = sha256(Array("watch token".utf8) + secret) }

    func token(_ place: WatchPlace) -> String {
        let block = (Hexadecimal.decode(place.log) ?? []) + place.sequence.pageBytes
        return Base64URL.encode(cipher(block, encrypt: true))
    }

    /// - Throws: INVALID_ARGUMENT for what cannot be a token.
    func place(in token: String) throws(Status) -> WatchPlace {
        guard let bytes = Base64URL.decode(token), bytes.count == 16 else {
            throw .badField(
                "resume_token", fr: "Ce n'est pas un jeton de reprise.", en: "This is no resume token.")
        }
        let block = cipher(bytes, encrypt: false)
        let sequence = block.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return WatchPlace(log: Hexadecimal.encode(Array(block.prefix(8))), sequence: sequence)
    }

    private func cipher(_ block: [UInt8], encrypt: Bool) -> [UInt8] {
        precondition(block.count == 16, "one block")
        var result = [UInt8](repeating: 0, count: 32)
        var count: Int32 = 0
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let isDone =
            EVP_CipherInit_ex(context, EVP_aes_256_ecb(), nil, key, nil, encrypt ? 1 : 0) == 1
            && EVP_CIPHER_CTX_set_padding(context, 0) == 1
            && EVP_CipherUpdate(context, &result, &count, block, 16) == 1
        precondition(isDone && count == 16, "libcrypto has AES")
        return Array(result.prefix(16))
    }
}
