/// The text of one SQL statement, written as a literal: values come in by parameters (`?1`), never by interpolation.
///
/// The literal's address is also its identity in the statement caches, so a look-up never hashes the text.
// Proof: `start` points into the program's constant data or into `owner`, which lives as long as this value and never
// changes its bytes.
@safe
public struct SQL: ExpressibleByStringLiteral, @unchecked Sendable {
    let start: UnsafePointer<UInt8>
    let byteCount: Int
    private let owner: OwnedText?

    public init(stringLiteral value: StaticString) {
        precondition(value.hasPointerRepresentation, "SQL is longer than one character")
        unsafe start = value.utf8Start
        byteCount = value.utf8CodeUnitCount
        owner = nil
    }

    /// For text that the Store itself composes once from a checked identifier (see `SearchIndex`), never from input.
    init(composed text: String) {
        let owned = OwnedText(text)
        unsafe start = UnsafePointer(owned.bytes)
        byteCount = owned.byteCount
        owner = owned
    }

    /// Where the text lies: equal only for the same literal.
    var identity: UInt { unsafe UInt(bitPattern: start) }

    package var text: String {
        unsafe String(decoding: UnsafeBufferPointer(start: start, count: byteCount), as: UTF8.self)
    }
}

/// A copy of a text at an address that does not change while anyone refers to it.
// Proof: the bytes are written in `init` only, before any other thread can know of them.
@safe
private final class OwnedText: @unchecked Sendable {
    let bytes: UnsafeMutablePointer<UInt8>
    let byteCount: Int

    init(_ text: String) {
        let utf8 = Array(text.utf8)
        byteCount = utf8.count
        unsafe bytes = .allocate(capacity: max(utf8.count, 1))
        for (index, byte) in utf8.enumerated() { unsafe bytes[index] = byte }
    }

    deinit { unsafe bytes.deallocate() }
}
