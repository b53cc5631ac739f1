import GoogleRPC
import SwiftProtobuf

/// How a `Status` travels: as google.rpc.Status with the details of google/rpc/error_details.proto.
extension Status {
    /// `ErrorInfo.domain` of all of Cordée's errors.
    static let domain = "cordee"

    /// Encodes the status for one caller.
    ///
    /// - Parameters:
    ///   - language: of the texts for people; `message` itself is English, as google.rpc.Status asks.
    ///   - callID: for `RequestInfo`; nil where no call is known, as for a frame that cannot be read.
    func encoded(language: Language, callID: String?) -> [UInt8] {
        var message = bare
        message.details = details(language, callID).compactMap { try? Google_Protobuf_Any(message: $0) }
        // Cannot fail: a proto3 message without groups or Any's of unknown types is always encodable.
        return (try? message.serializedBytes(partial: true)) ?? []
    }

    /// The same in protobuf-JSON, for callers that read nothing else.
    ///
    /// Put together here: SwiftProtobuf writes an Any only of types in a table that the whole process shares.
    func json(language: Language, callID: String?) -> [UInt8] {
        let details = details(language, callID).compactMap { detail -> String? in
            guard let fields = try? detail.jsonString().dropFirst() else { return nil }
            let type = "type.googleapis.com/\(Swift.type(of: detail).protoMessageName)"
            return "{\"@type\":\"\(type)\"\(fields == "}" ? "" : ",")\(fields)"
        }
        // Never empty: an error has a code.
        let status = (try? bare.jsonString()) ?? "{\"code\":\(code.rawValue)}"
        return Array("\(status.dropLast()),\"details\":[\(details.joined(separator: ","))]}".utf8)
    }

    private var bare: GoogleRPC_Status {
        .with { ($0.code, $0.message) = (code.rawValue, text.en) }
    }

    private func details(_ language: Language, _ callID: String?) -> [any Message] {
        var details: [any Message] = [
            GoogleRPC_ErrorInfo.with { ($0.reason, $0.domain, $0.metadata) = (reason, Self.domain, metadata) },
            GoogleRPC_LocalizedMessage.with { ($0.locale, $0.message) = (language.rawValue, text[language]) },
        ]
        if !violations.isEmpty {
            details.append(
                GoogleRPC_BadRequest.with {
                    $0.fieldViolations = violations.map { violation in
                        .with {
                            ($0.field, $0.reason) = (violation.field, violation.reason)
                            $0.description_p = violation.text[language]
                        }
                    }
                })
        }
        if let retryDelay {
            details.append(GoogleRPC_RetryInfo.with { $0.retryDelay = Google_Protobuf_Duration(retryDelay) })
        }
        if let callID { details.append(GoogleRPC_RequestInfo.with { $0.requestID = callID }) }
        return details
    }

    /// What the status of a response says.
    enum Decoded {
        case ok
        case failed(Status)
        case malformed
    }

    /// Decodes what a server sent.
    ///
    /// The server tells people in one language only: both of `text` hold English where the other is not known.
    static func decode(_ bytes: RawSpan) -> Decoded {
        guard let message = try? GoogleRPC_Status(serializedBytes: bytes, partial: true) else { return .malformed }
        guard message.code != 0 else { return .ok }
        let code = StatusCode(rawValue: message.code) ?? .unknown
        var status = Status(code, "", fr: message.message, en: message.message)
        for detail in message.details { status.take(detail) }
        return .failed(status)
    }

    private mutating func take(_ detail: Google_Protobuf_Any) {
        if let info = try? GoogleRPC_ErrorInfo(unpackingAny: detail) {
            (reason, metadata) = (info.reason, info.metadata)
        } else if let localized = try? GoogleRPC_LocalizedMessage(unpackingAny: detail) {
            if localized.locale.hasPrefix("en") { text.en = localized.message } else { text.fr = localized.message }
        } else if let bad = try? GoogleRPC_BadRequest(unpackingAny: detail) {
            violations = bad.fieldViolations.map {
                FieldViolation(field: $0.field, reason: $0.reason, fr: $0.description_p, en: $0.description_p)
            }
        } else if let retry = try? GoogleRPC_RetryInfo(unpackingAny: detail) {
            let delay = retry.retryDelay
            retryDelay = .seconds(delay.seconds) + .nanoseconds(Int64(delay.nanos))
        } else if let request = try? GoogleRPC_RequestInfo(unpackingAny: detail) {
            requestID = request.requestID
        }
    }
}

extension Google_Protobuf_Duration {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }
}
