extension RawSpan {
    /// The byte at `index`.
    func byte(at index: Int) -> UInt8 { unsafeLoad(fromByteOffset: index, as: UInt8.self) }

    /// Whether the bytes are `text` when ASCII letters count as lower case; `text` is written in lower case.
    func equals(lowercase text: StaticString) -> Bool {
        byteCount == text.utf8CodeUnitCount && hasPrefix(lowercase: text)
    }

    /// As `equals`, for the first bytes.
    func hasPrefix(lowercase text: StaticString) -> Bool {
        guard byteCount >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { letters in
            for index in letters.indices where byte(at: index).lowercased != letters[index] { return false }
            return true
        }
    }

    /// Whether the bytes are exactly those of `other`; eight at a time, the last eight maybe twice.
    func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        guard byteCount >= 8 else {
            for index in 0..<byteCount where byte(at: index) != other.byte(at: index) { return false }
            return true
        }
        var offset = 0
        while offset + 8 <= byteCount {
            guard word(at: offset) == other.word(at: offset) else { return false }
            offset += 8
        }
        return word(at: byteCount - 8) == other.word(at: byteCount - 8)
    }

    /// Eight bytes as one number, in the machine's order: for comparing and hashing.
    func word(at offset: Int) -> UInt64 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) }

    /// The text, for a person to read: invalid UTF-8 replaced, control characters escaped, at most `characterMax` long.
    func printable(characterMax: Int = 100) -> String {
        let text = withUnsafeBytes { String(decoding: $0.prefix(characterMax * 4), as: UTF8.self) }
        let escaped = text.unicodeScalars.prefix(characterMax).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return escaped.joined() + (text.unicodeScalars.count > characterMax ? "…" : "")
    }
}

extension UInt8 {
    /// The ASCII letter in lower case, any other byte as it is.
    fileprivate var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
