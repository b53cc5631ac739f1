import ModuleKit

/// Makes the secrets of tokens and service keys, tells whether one is well-formed, and hashes them.
///
/// A secret is `cordee_`, 32 random bytes in base64url (43 characters), and the CRC-32 of what stands before in six
/// digits of base 62. The prefix and the checksum let scanners find a secret that leaked, and one that was cut or altered
/// is refused before it is looked up. Only its SHA-256 is stored: the bytes are random enough (256 bits) that a plain
/// hash needs no salt and no stretching.
struct TokenMint: Sendable {
    static let prefix = "cordee_"
    private static let checksumLength = 6
    private static let length = prefix.utf8.count + 43 + checksumLength

    /// A fresh secret with its hash.
    func mint() -> (secret: String, hash: [UInt8]) {
        let body = Self.prefix + Base64URL.encode(randomBytes(32))
        let secret = body + Self.checksum(of: body)
        return (secret, Self.hash(secret))
    }

    /// Whether a text can be a secret of this daemon or another one: those of before there were checksums, too.
    static func isWellFormed(_ secret: String) -> Bool {
        guard secret.hasPrefix(prefix) else { return false }
        if secret.utf8.count == length - checksumLength { return true }
        guard secret.utf8.count == length else { return false }
        return checksum(of: String(secret.dropLast(checksumLength))) == secret.suffix(checksumLength)
    }

    static func hash(_ secret: String) -> [UInt8] { sha256(Array(secret.utf8)) }

    /// Six digits of base 62, the highest first: 62^6 is more than 2^32.
    static func checksum(of text: String) -> String {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var rest = crc32(Array(text.utf8))
        var reversed: [Character] = []
        for _ in 0..<checksumLength {
            reversed.append(digits[Int(rest % 62)])
            rest /= 62
        }
        return String(reversed.reversed())
    }

    /// CRC-32 as in ISO/IEC 13239 and zlib (reflected, 0xEDB88320).
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }
}
