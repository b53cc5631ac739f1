/// The names of a server's methods, found by the bytes of a request: no String is made, on a hit or a miss.
///
/// An open hash table over the pair (service, method). Its names are ours alone, so no peer can make it slow: what a
/// request brings is looked up, never put in. A class, so that to use it copies nothing.
final class MethodNames: Sendable {
    /// What a request's names lead to.
    enum Match: Equatable {
        /// The index of the method in the list.
        case method(Int)
        case unknownService
        case unknownMethod
    }

    /// One name in `bytes`: the service's, then the method's.
    private struct Entry {
        var hash: UInt64
        var start: Int
        var serviceByteCount: Int
        var nameByteCount: Int
    }

    /// The entry in each slot, -1 in a free one.
    private let slots: [Int32]
    private let entries: [Entry]
    private let bytes: [UInt8]

    /// - Parameter names: each pair once.
    init(_ names: [(service: String, name: String)]) {
        // At most a quarter full, so that most misses end at once.
        var slotCount = 16
        while slotCount < names.count * 4 { slotCount *= 2 }
        var slots = [Int32](repeating: -1, count: slotCount)
        var entries: [Entry] = []
        var bytes: [UInt8] = []
        for pair in names {
            let (service, name) = (Array(pair.service.utf8), Array(pair.name.utf8))
            let hash = Self.hash(service.span.bytes, name.span.bytes)
            var slot = Int(truncatingIfNeeded: hash) & (slotCount - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Int32(entries.count)
            entries.append(
                Entry(hash: hash, start: bytes.count, serviceByteCount: service.count, nameByteCount: name.count))
            bytes += service + name
        }
        (self.slots, self.entries, self.bytes) = (slots, entries, bytes)
    }

    /// - Parameter last: the method of the caller's last call: most clients repeat one, and it is found without a hash.
    func lookup(service: RawSpan, method: RawSpan, last: Int = 0) -> Match {
        if last < entries.count, holds(last, service, method) { return .method(last) }
        let hash = Self.hash(service, method)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if entries[index].hash == hash, holds(index, service, method) { return .method(index) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return knows(service) ? .unknownMethod : .unknownService
    }

    private func holds(_ index: Int, _ service: RawSpan, _ name: RawSpan) -> Bool {
        let entry = entries[index]
        guard service.byteCount == entry.serviceByteCount, name.byteCount == entry.nameByteCount else { return false }
        let nameStart = entry.start + entry.serviceByteCount
        let all = bytes
        return service.equals(all.span.bytes.extracting(entry.start..<nameStart))
            && name.equals(all.span.bytes.extracting(nameStart..<nameStart + entry.nameByteCount))
    }

    private func knows(_ service: RawSpan) -> Bool {
        let all = bytes
        for entry in entries {
            let end = entry.start + entry.serviceByteCount
            if service.equals(all.span.bytes.extracting(entry.start..<end)) { return true }
        }
        return false
    }

    private static func hash(_ service: RawSpan, _ method: RawSpan) -> UInt64 {
        mix(mix(0x9e37_79b9_7f4a_7c15, service), method)
    }

    /// Eight bytes at a time: multiply and fold (the step of wyhash), which spreads names that differ in their end.
    private static func mix(_ seed: UInt64, _ bytes: RawSpan) -> UInt64 {
        var hash = seed ^ UInt64(bytes.byteCount)
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            hash = fold(hash ^ bytes.word(at: offset))
            offset += 8
        }
        guard offset < bytes.byteCount else { return hash }
        // The rest, with bytes that were taken already where there are enough of them.
        if bytes.byteCount >= 8 {
            return fold(hash ^ bytes.word(at: bytes.byteCount - 8))
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
