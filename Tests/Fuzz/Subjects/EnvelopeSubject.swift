@testable import RPC
import Wire

/// A Request that is taken is within the limits and clean text, and written again it reads the same; a Response's
/// status, sent on, keeps its code and reason.
struct EnvelopeSubject {
    private struct Request: Equatable {
        var service: [UInt8]
        var method: [UInt8]
        var payload: [UInt8]
        var timeout: Int64
        var metadata: [[UInt8]]

        init(_ view: borrowing RequestView) {
            service = view.service.array
            method = view.method.array
            payload = view.payload.array
            timeout = view.timeoutNanoseconds
            metadata = []
            for index in 0..<view.metadataCount {
                metadata.append(view.metadataKey(index).array)
                metadata.append(view.metadataValue(index).array)
            }
        }
    }

    private static let tight = EnvelopeLimits(
        envelopeBytesMax: 512, metadataPairsMax: 3, metadataBytesMax: 32, nameBytesMax: 12)
    private let bytes: [UInt8]

    init(_ input: [UInt8]) { bytes = input }

    func run() throws {
        for limits in [EnvelopeLimits(), Self.tight] { try runRequest(limits) }
        try runResponse()
    }

    private func runRequest(_ limits: EnvelopeLimits) throws {
        let parser = RequestParser(limits: limits)
        guard let request = try? parser.parse(bytes.span.bytes, { Request($0) }) else { return }
        let names = [request.service, request.method]
        try Finding.unless(names.allSatisfy { $0.count <= limits.nameBytesMax }, "a name is too long")
        try Finding.unless(request.metadata.count <= 2 * limits.metadataPairsMax, "too many pairs")
        let metadataBytes = request.metadata.reduce(0) { $0 + $1.count }
        try Finding.unless(metadataBytes <= limits.metadataBytesMax, "too much metadata")
        let texts = (names + request.metadata).map { String(validating: $0, as: UTF8.self) }
        try Finding.unless(texts.allSatisfy { $0?.utf8.contains(0) == false }, "text that is none")
        try parser.parse(bytes.span.bytes) { view in Result { try Self.checkMetadata(view) } }.get()
        try Finding.unless(again(request, texts.compactMap { $0 }) == request, "written again")
    }

    /// A second call with the same metadata is read the same, and costs no set of headers of its own.
    private static func checkMetadata(_ view: borrowing RequestView) throws {
        var callerID: UInt64 = 0
        let first = CallMetadata(view, last: .none, nextID: &callerID)
        let firstCallerID = callerID
        let second = CallMetadata(view, last: first.headers, nextID: &callerID)
        try Finding.unless(second.headers === first.headers && callerID == firstCallerID, "the same headers are new")
        try Finding.unless(second.codec == first.codec && second.trace == first.trace, "metadata are read two ways")
        try Finding.unless(!first.others.contains { $0.key.hasPrefix("cordee-") }, "a reserved key gets in")
        guard let trace = first.trace else { return }
        let header = Array("00-\(trace.text)-00f067aa0ba902b7-01".utf8)
        try Finding.unless(TraceID(traceparent: header.span.bytes) == trace, "a trace's id changes")
    }

    private func again(_ request: Request, _ texts: [String]) throws -> Request {
        var frame: [UInt8] = []
        let pairs = stride(from: 2, to: texts.count, by: 2).map { (texts[$0], texts[$0 + 1]) }
        FrameEncoder.appendRequest(
            to: &frame, streamID: 1, flags: [], service: texts[0], method: texts[1],
            payload: request.payload.span.bytes, timeoutNanoseconds: request.timeout, metadata: pairs)
        frame.removeFirst(FrameHeader.byteCount)
        return try RequestParser().parse(frame.span.bytes) { Request($0) }
    }

    private func runResponse() throws {
        let parsed = try? ResponseParser().parse(bytes.span.bytes) { ($0.statusBytes.array, $0.payload.array) }
        // Fuzzed as a status too, so that it need not lie in an envelope to be met.
        for bytes in [parsed?.0, bytes].compactMap({ $0 }) {
            guard case .failed(let status) = Status.decode(bytes.span.bytes) else { continue }
            for language in Language.allCases {
                let sent = status.encoded(language: language, callID: status.requestID)
                guard case .failed(let again) = Status.decode(sent.span.bytes) else {
                    throw Finding(description: "a status becomes unreadable")
                }
                try Finding.unless(again.code == status.code && again.reason == status.reason, "a status changes")
            }
        }
    }
}
