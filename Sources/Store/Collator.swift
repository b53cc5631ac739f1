import CICU

/// ICU's fr-CA collator: letters first, then accents from the end of the word, then capitals.
// Proof: the handle is configured in `init` and only read afterwards; ICU's constant functions may then be called from
// any thread.
@safe
final class Collator: @unchecked Sendable {
    /// Loaded at the first use; nil when ICU's data is not installed.
    static let shared = Collator()

    private let handle: OpaquePointer

    private init?() {
        // Names may come decomposed (from macOS files); it sorts them as the composed ones.
        guard let handle = unsafe cordee_collator_open("fr_CA") else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe cordee_collator_close(handle) }

    /// ICU's version of the rules, four bytes: keys of two versions must not be compared.
    var version: String {
        var bytes = [UInt8](repeating: 0, count: 4)
        unsafe bytes.withUnsafeMutableBufferPointer { unsafe cordee_collator_version(handle, $0.baseAddress) }
        return bytes.map { String($0) }.joined(separator: ".")
    }

    /// The key of `text` without ICU's closing zero byte; no other byte of it is zero.
    func key(_ text: String) -> [UInt8] {
        let text = Array(text.utf16)
        var key = [UInt8](repeating: 0, count: text.count * 4 + 16)
        var count = write(text, &key)
        if count > key.count {
            key = [UInt8](repeating: 0, count: count)
            count = write(text, &key)
        }
        return Array(key.prefix(max(count - 1, 0)))
    }

    private func write(_ text: [UInt16], _ key: inout [UInt8]) -> Int {
        let count = unsafe text.withUnsafeBufferPointer { text in
            unsafe key.withUnsafeMutableBufferPointer { key in
                unsafe cordee_collator_sort_key(
                    handle, text.baseAddress, Int32(text.count), key.baseAddress, Int32(key.count))
            }
        }
        return Int(count)
    }
}
