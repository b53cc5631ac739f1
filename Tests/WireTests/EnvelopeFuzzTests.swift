import Testing

@testable import Wire

/// Envelopes that a peer could send, and what is left of them after some bytes are changed: 200,000 in all.
@Suite("Any envelope")
struct EnvelopeFuzzTests {
    private static let limits = EnvelopeLimits(
        envelopeBytesMax: 4_000, metadataPairsMax: 4, metadataBytesMax: 60, nameBytesMax: 24)

    @Test("is read as a brute force reads it, with the same error", arguments: UInt64(0)..<80)
    func agreesWithReference(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let parser = RequestParser(limits: Self.limits)
        var acceptedCount = 0
        for _ in 0..<2_000 {
            var bytes = Self.randomRequest(using: &random)
            if random.chance(2) { Self.mutate(&bytes, using: &random) }
            let expected = ReferenceReader.request(bytes, limits: Self.limits)
            let found = parse(bytes, by: parser)
            #expect(found == expected, "seed \(seed): \(bytes)")
            if case .success = found { acceptedCount += 1 }
        }
        // Else the test would compare little but errors.
        #expect(acceptedCount > 400)
        #expect(parser.arenaBlocksMadeCount == 1)
    }

    @Test("of random bytes is a value or an error, as Request and as Response", arguments: UInt64(0)..<20)
    func randomBytesNeverCrash(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let parser = RequestParser(limits: Self.limits)
        let responseParser = ResponseParser(envelopeBytesMax: 4_000)
        for _ in 0..<2_000 {
            // Small numbers make plausible tags and lengths.
            let bytes = random.bytes(random.int(0...80)).map { random.chance(2) ? $0 & 0x3F : $0 }
            #expect(parse(bytes, by: parser) == ReferenceReader.request(bytes, limits: Self.limits), "\(bytes)")
            let parsed = try? responseParser.parse(bytes.span.bytes) { [copy($0.statusBytes), copy($0.payload)] }
            #expect(parsed == Self.referenceResponse(bytes), "\(bytes)")
        }
    }

    private static func referenceResponse(_ bytes: [UInt8]) -> [[UInt8]]? {
        guard let fields = ReferenceReader.fields(bytes) else { return nil }
        var response: [[UInt8]] = [[], []]
        for (number, value) in fields where number == 1 || number == 2 {
            guard case .bytes(let content) = value else { return nil }
            response[Int(number) - 1] = content
        }
        return response
    }

    /// Fields in any order and number: known and unknown, texts in and out of the limits.
    private static func randomRequest(using random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.int(0...7) {
            switch random.int(1...8) {
            case 1: bytes += field(1, randomText(30, using: &random))
            case 2: bytes += field(2, randomText(10, using: &random))
            case 3: bytes += field(3, random.bytes(random.chance(10) ? random.int(0...900) : random.int(0...20)))
            case 4: bytes += [0x20] + varint(random.next() >> UInt64(random.int(0...63)))
            case 5, 6:
                let key = random.chance(6) ? [] : field(1, randomText(9, using: &random))
                bytes += field(5, key + field(2, randomText(20, using: &random)))
            case 7: bytes += varint(UInt64(random.int(6...70_000)) << 3 | 5) + random.bytes(4)
            default: bytes += varint(UInt64(random.int(6...40)) << 3 | 2) + [3] + random.bytes(3)
            }
        }
        return bytes
    }

    private static func randomText(_ countMax: Int, using random: inout SeededRandom) -> [UInt8] {
        let letters: [String] = ["a", "Z", ".", "é", "œ", "中", "😀", "\u{1}", "\u{7F}"]
        let count = random.int(0...countMax / 2)
        var text = (0..<count).flatMap { _ in Array(letters[random.int(0...letters.count - 1)].utf8) }
        if random.chance(60) { text.append(0) }
        if random.chance(60) { text.append(UInt8(random.int(0x80...0xFF))) }
        return text
    }

    private static func mutate(_ bytes: inout [UInt8], using random: inout SeededRandom) {
        for _ in 0..<random.int(1...3) where !bytes.isEmpty {
            let index = random.int(0...bytes.count - 1)
            switch random.int(1...4) {
            case 1: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 2: bytes.remove(at: index)
            case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
            default: bytes.removeLast(bytes.count - index)
            }
        }
    }
}

/// What `parser` makes of `bytes`, copied.
func parse(_ bytes: [UInt8], by parser: RequestParser) -> Result<RequestCopy, EnvelopeError> {
    do throws(EnvelopeError) {
        return .success(try parser.parse(bytes.span.bytes) { RequestCopy($0) })
    } catch { return .failure(error) }
}

/// A length-delimited field, made without the encoder.
func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(content.count)) + content
}

func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
}
