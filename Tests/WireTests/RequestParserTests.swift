import Testing

@testable import Wire

@Suite("Reading a request")
struct RequestParserTests {
    /// The data of a frame that the stock Go client (containerd/ttrpc 1.1.1) sent.
    static let fromGo = hex(
        """
        0a13 636f726465652e746573742e76312e4563686f 1203 536179 1a09 0a07626f6e6a6f7572
        2a1a 0a0d617574686f72697a6174696f6e 120942656172657220c3a9
        """)

    @Test("gives what the Go client put in")
    func readsRecordedBytes() throws {
        let request = try parse(Self.fromGo, by: RequestParser()).get()
        #expect(request.service == Array("cordee.test.v1.Echo".utf8))
        #expect(request.method == Array("Say".utf8))
        #expect(request.payload == hex("0a07 626f6e6a6f7572"))
        #expect(request.timeoutNanoseconds == 0)
        #expect(request.metadata == [.init(key: Array("authorization".utf8), value: Array("Bearer é".utf8))])
    }

    @Test("an empty message is a request with nothing in it")
    func emptyIsValid() throws {
        #expect(try parse([], by: RequestParser()).get() == RequestCopy())
    }

    @Test("cut off anywhere is malformed, unless it ends between two fields")
    func truncationIsAnError() {
        let parser = RequestParser()
        for count in Self.fromGo.indices {
            let prefix = Array(Self.fromGo.prefix(count))
            let isBetweenFields = [0, 21, 26, 37].contains(count)
            #expect((parse(prefix, by: parser) == .failure(.malformed)) != isBetweenFields, "\(count)")
        }
    }

    @Test("a negative timeout, ten bytes long, is read as Go writes it")
    func readsNegativeTimeout() throws {
        let request = try parse(hex("20 ffffffffffffffffff01"), by: RequestParser()).get()
        #expect(request.timeoutNanoseconds == -1)
    }

    @Test("of a field that comes twice the last counts, and unknown fields are passed over")
    func lastValueWins() throws {
        let bytes = field(1, Array("a".utf8)) + field(99, [1, 2]) + field(1, Array("b".utf8)) + [0x20, 5, 0x20, 6]
        let request = try parse(bytes, by: RequestParser()).get()
        #expect(request.service == Array("b".utf8) && request.timeoutNanoseconds == 6)
    }

    @Test(
        "text must be UTF-8 without NUL",
        arguments: [
            ("61 00", EnvelopeError.embeddedNUL(.service)), ("00", .embeddedNUL(.service)),
            ("c3", .invalidUTF8(.service)), ("c0 80", .invalidUTF8(.service)), ("ed a0 80", .invalidUTF8(.service)),
            ("f4 90 80 80", .invalidUTF8(.service)), ("6161616161616161 ff 00", .invalidUTF8(.service)),
            ("c3a9 6161616161616161 00 61", .embeddedNUL(.service)),
        ])
    func refusesBadText(text: String, error: EnvelopeError) {
        #expect(parse(field(1, hex(text)), by: RequestParser()) == .failure(error))
    }

    @Test("an error names the field that it is about")
    func errorsNameTheField() {
        let parser = RequestParser()
        #expect(parse(field(2, [0xFF]), by: parser) == .failure(.invalidUTF8(.method)))
        #expect(parse(field(5, field(1, [0xFF])), by: parser) == .failure(.invalidUTF8(.metadataKey)))
        #expect(parse(field(5, field(2, [0])), by: parser) == .failure(.embeddedNUL(.metadataValue)))
        #expect("\(EnvelopeError.invalidUTF8(.metadataKey))" == "metadata.key is not valid UTF-8")
    }

    @Test("the check of text agrees with the standard library's", arguments: UInt64(0)..<20)
    func textCheckAgreesWithString(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let bytes = random.bytes(random.int(0...20)).map { random.chance(6) ? $0 : $0 & 0x7F }
            let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
            let expected: RawSpan.TextFault? = isUTF8 ? (bytes.contains(0) ? .embeddedNUL : nil) : .invalidUTF8
            let found = bytes.span.bytes.textFault()
            #expect(found == expected, "seed \(seed): \(bytes)")
        }
    }

    @Test("each limit is inclusive")
    func limitsAreInclusive() {
        let limits = EnvelopeLimits(envelopeBytesMax: 60, metadataPairsMax: 2, metadataBytesMax: 8, nameBytesMax: 4)
        let parser = RequestParser(limits: limits)
        let name = Array("abcd".utf8)
        let pair = field(5, field(1, Array("ab".utf8)) + field(2, Array("cd".utf8)))
        let longPair = field(5, field(1, Array("ab".utf8)) + field(2, Array("cde".utf8)))
        #expect((try? parse(field(1, name) + field(2, name) + pair + pair, by: parser).get()) != nil)
        #expect(parse(field(2, name + name), by: parser) == .failure(.nameTooLong(.method, byteCount: 8, max: 4)))
        #expect(parse(pair + pair + [0x2A, 0], by: parser) == .failure(.tooManyMetadataPairs(count: 3, max: 2)))
        #expect(parse(pair + longPair, by: parser) == .failure(.metadataTooLong(byteCount: 9, max: 8)))
        #expect((try? parse(field(3, [UInt8](repeating: 7, count: 58)), by: parser).get()) != nil)
        #expect(parse([UInt8](repeating: 7, count: 61), by: parser) == .failure(.tooLong(byteCount: 61, max: 60)))
    }
}
