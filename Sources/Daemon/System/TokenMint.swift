import ModuleKit

/// Makes token secrets and hashes them.
///
/// A secret is `cordee_`, 32 random bytes in base64url, and a checksum of what stands before it; only its SHA-256 is
/// stored. The bytes are random enough (256 bits) that a plain hash needs no salt and no stretching. Prefix and checksum
/// let scanners find a secret that leaked (`proto/README.md`), and let a cut or mistyped one be refused without a look-up.
struct TokenMint: Sendable {
    static let prefix = "cordee_"
    private static let bodyCount = 43

    /// A fresh secret with its hash.
    func mint() -> (secret: String, hash: [UInt8]) {
        let bytes = randomBytes(32)
        let stem = Self.prefix + Base64URL.encode(bytes)
        let secret = stem + TokenChecksum.text(of: Array(stem.utf8))
        return (secret, Self.hash(Array(secret.utf8)))
    }

    static func hash(_ secret: [UInt8]) -> [UInt8] { sha256(secret) }

    /// Whether a secret has the form of one of ours; says nothing of whether it is good.
    static func isWellFormed(_ secret: [UInt8]) -> Bool {
        guard secret.count == prefix.utf8.count + bodyCount + TokenChecksum.count,
            secret.starts(with: prefix.utf8)
        else { return false }
        let stem = Array(secret.dropLast(TokenChecksum.count))
        return Array(TokenChecksum.text(of: stem).utf8) == Array(secret.suffix(TokenChecksum.count))
    }

    /// Compares digests in a time that does not depend on where they differ.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// The end of a token: the CRC-32 of what stands before it (that of zip and Ethernet), in six digits of base 62.
enum TokenChecksum {
    static let count = 6
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var rest = crc32(bytes)
        var text = [UInt8](repeating: digits[0], count: count)
        for place in stride(from: count - 1, through: 0, by: -1) {
            text[place] = digits[Int(rest % 62)]
            rest /= 62
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { bits, _ in bits >> 1 ^ (bits & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
