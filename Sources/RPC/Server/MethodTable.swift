/// The methods of a server, found by the bytes of a request's names: no String is made, on a hit or a miss.
///
/// An open hash table over the pair (service, method). Its names are ours alone, so no peer can make it slow: what a
/// request brings is looked up, never put in.
public struct MethodTable: Sendable {
    /// Two methods have one name; the server cannot start.
    public struct Duplicate: Error, Equatable, CustomStringConvertible {
        public let service: String
        public let name: String
        public var description: String { "the method \(service)/\(name) is declared twice" }
    }

    /// What a request's names lead to.
    enum Match: Equatable {
        case method(Int)
        case unknownService
        case unknownMethod
    }

    /// One name in `names`: the service's bytes, then the method's.
    private struct Entry {
        var hash: UInt64
        var start: Int
        var serviceByteCount: Int
        var nameByteCount: Int
    }

    /// All methods, in the order given; a call's `methodIndex` is an index of it.
    public let methods: [ServerMethod]
    /// Their handlers, apart so that a call copies no names.
    let handlers: [@Sendable (ServerCall, RawSpan) -> Void]
    /// The entry in each slot, -1 in a free one.
    private var slots: [Int32]
    private var entries: [Entry] = []
    private var names: [UInt8] = []

    /// - Throws: `Duplicate` for the first name that comes twice.
    public init(_ methods: [ServerMethod]) throws(Duplicate) {
        self.methods = methods
        handlers = methods.map(\.handle)
        // At most a quarter full, so that most misses end at once.
        var slotCount = 16
        while slotCount < methods.count * 4 { slotCount *= 2 }
        slots = [Int32](repeating: -1, count: slotCount)
        for method in methods { try insert(method) }
    }

    private mutating func insert(_ method: ServerMethod) throws(Duplicate) {
        let (service, name) = (Array(method.service.utf8), Array(method.name.utf8))
        let hash = Self.hash(service.span.bytes, name.span.bytes)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            if holds(Int(slots[slot]), service.span.bytes, name.span.bytes) {
                throw Duplicate(service: method.service, name: method.name)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(entries.count)
        entries.append(
            Entry(hash: hash, start: names.count, serviceByteCount: service.count, nameByteCount: name.count))
        names += service + name
    }

    func lookup(service: RawSpan, method: RawSpan) -> Match {
        let hash = Self.hash(service, method)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if entries[index].hash == hash, holds(index, service, method) { return .method(index) }
            slot = (slot + 1) & (slots.count - 1)
        }
        let isKnownService = methods.contains { service.equals(Array($0.service.utf8).span.bytes) }
        return isKnownService ? .unknownMethod : .unknownService
    }

    private func holds(_ index: Int, _ service: RawSpan, _ name: RawSpan) -> Bool {
        let entry = entries[index]
        guard service.byteCount == entry.serviceByteCount, name.byteCount == entry.nameByteCount else { return false }
        let nameStart = entry.start + entry.serviceByteCount
        let names = names.span.bytes
        return service.equals(names.extracting(entry.start..<nameStart))
            && name.equals(names.extracting(nameStart..<nameStart + entry.nameByteCount))
    }

    private static func hash(_ service: RawSpan, _ method: RawSpan) -> UInt64 {
        mix(mix(0x9e37_79b9_7f4a_7c15, service), method)
    }

    /// Eight bytes at a time: multiply and fold (the step of wyhash), which spreads names that differ in their end.
    private static func mix(_ seed: UInt64, _ bytes: RawSpan) -> UInt64 {
        var hash = seed ^ UInt64(bytes.byteCount)
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            hash = fold(hash ^ bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        guard offset < bytes.byteCount else { return hash }
        // The rest, with bytes that were taken already where there are enough of them.
        if bytes.byteCount >= 8 {
            return fold(hash ^ bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount - 8, as: UInt64.self))
        }
        var rest: UInt64 = 0
        for index in offset..<bytes.byteCount { rest = rest << 8 | UInt64(bytes.byte(at: index)) }
        return fold(hash ^ rest)
    }

    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        return product.high ^ product.low
    }
}
