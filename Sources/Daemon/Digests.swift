import CCrypto

/// The SHA-256 of some bytes (FIPS 180-4).
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &digest)
    return digest
}

/// Random bytes that nobody can guess.
func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let code = RAND_bytes(&bytes, Int32(count))
    precondition(code == 1, "the system gives no random bytes")
    return bytes
}
