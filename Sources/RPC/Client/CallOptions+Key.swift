#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension CallOptions {
    /// A new key for one call: a UUID of version 7 (RFC 9562 §5.7), the milliseconds of now and 74 random bits.
    ///
    /// The time stands first so that the server appends what it keeps by such keys; nothing else depends on it.
    public static func makeIdempotencyKey() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(clamping: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
        return uuid(milliseconds: milliseconds, random: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
    }

    static func uuid(milliseconds: UInt64, random: (UInt64, UInt64)) -> String {
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = 0b10 << 62 | random.1 >> 2
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var count = 0
            for digit in 0..<32 {
                if [8, 12, 16, 20].contains(digit) {
                    buffer[count] = UInt8(ascii: "-")
                    count += 1
                }
                let half = digit < 16 ? high : low
                let value = UInt8(half >> UInt64(60 - 4 * (digit % 16)) & 15)
                buffer[count] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                count += 1
            }
            return count
        }
    }
}
