#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds what looks like an access token: `cordee_` and random characters. Names of metrics begin alike, and have
/// neither capitals nor so much length.
public enum SecretScan {
    /// What the last step of the tests looks for in their output, beside tokens themselves.
    public static let mark = "LEAKED-SECRET"
    private static let prefix = Array("cordee_".utf8)
    /// 32 random bytes are 43 characters of base64url, with a digit and a capital but once in a thousand.
    private static let lengthMin = 40

    public static func holdsToken(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var place = 0
        while let found = bytes[place...].firstIndex(of: prefix[0]) {
            place = found + 1
            guard bytes[found...].starts(with: prefix) else { continue }
            let rest = bytes[(found + prefix.count)...].prefix { isSecretByte($0) }
            if rest.count >= lengthMin, rest.contains(where: isDigit), rest.contains(where: isCapital) { return true }
        }
        return false
    }

    /// Says that a process gave a secret away, in a way that the run of all tests cannot pass.
    static func report(_ processID: Int32) {
        // Without the line itself: that would be the second leak.
        var line = "\(mark) in the output of process \(processID)\n"
        line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isSecretByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || isCapital(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
