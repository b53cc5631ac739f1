import FoundationEssentials
import GoogleRPC
import SwiftProtobuf

/// A frame that must come, as exactly as the protocol says.
struct Expected: Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// A Response with a status; its texts are free.
        case error(stream: UInt32, code: Int32, reason: String, json: Bool, retry: Bool)
        /// A frame whose message is this JSON, in whatever spacing.
        case json(type: UInt8, stream: UInt32, flags: UInt8, JSONValue)
        /// A client's Request.
        case request(stream: UInt32, flags: UInt8, path: String, words: [String], payload: [UInt8])
    }

    let kind: Kind
    let description: String

    init(_ text: Substring) throws {
        description = String(text)
        let parts = text.split(separator: " : ", maxSplits: 1)
        guard let head = parts.first else { throw Row.Malformed(line: description) }
        let words = head.split(separator: " ").map(String.init)
        let payload = parts.count == 2 ? try WireBytes(parts[1]).all : []
        switch words.first {
        case "error":
            guard words.count >= 4, let stream = UInt32(words[1]), let code = Int32(words[2]) else {
                throw Row.Malformed(line: description)
            }
            kind = .error(
                stream: stream, code: code, reason: words[3], json: words.contains("json"),
                retry: words.contains("retry"))
        case "json":
            guard words.count == 4, let stream = UInt32(words[2]), let flags = UInt8(words[3], radix: 16) else {
                throw Row.Malformed(line: description)
            }
            kind = .json(
                type: words[1] == "data" ? 3 : 2, stream: stream, flags: flags, try JSONValue(parsing: payload))
        case "request":
            guard words.count >= 4, let stream = UInt32(words[1]), let flags = UInt8(words[2], radix: 16) else {
                throw Row.Malformed(line: description)
            }
            kind = .request(
                stream: stream, flags: flags, path: words[3], words: Array(words[4...]), payload: payload)
        default: kind = .bytes(try WireBytes(text).all)
        }
    }

    func matches(_ frame: Frame) -> Bool {
        switch kind {
        case .bytes(let bytes): return frame.bytes == bytes
        case .error(let stream, let code, let reason, let json, let retry):
            guard frame.type == 2, frame.stream == stream, frame.flags == 0 else { return false }
            guard let response = Fields(frame.data), let bytes = response.bytes(1),
                let status = try? GoogleRPC_Status(serializedBytes: bytes), status.code == code
            else { return false }
            let hasRetry = status.details.contains { $0.isA(GoogleRPC_RetryInfo.self) }
            guard status.reason == reason, hasRetry == retry else { return false }
            guard let payload = response.bytes(2) else { return !json }
            return json && (try? JSONValue(parsing: payload))?.isStatus(code, reason) == true
        case .json(let type, let stream, let flags, let value):
            guard frame.type == type, frame.stream == stream, frame.flags == flags else { return false }
            let message = type == 3 ? frame.data : Fields(frame.data)?.bytes(2) ?? []
            return (try? JSONValue(parsing: message)) == value
        case .request(let stream, let flags, let path, let words, let payload):
            guard frame.type == 1, frame.stream == stream, frame.flags == flags else { return false }
            guard let request = Fields(frame.data), request.path == path else { return false }
            let isJSON = request.pairs.contains { $0 == ("content-type", "application/json") }
            guard isJSON == words.contains("json"), (request.number(4) > 0) == words.contains("timed") else {
                return false
            }
            let sent = request.bytes(3) ?? []
            guard isJSON, !payload.isEmpty else { return sent == payload }
            return (try? JSONValue(parsing: sent)) == (try? JSONValue(parsing: payload))
        }
    }
}

extension GoogleRPC_Status {
    fileprivate var reason: String {
        details.lazy.compactMap { try? GoogleRPC_ErrorInfo(unpackingAny: $0) }.first?.reason ?? ""
    }
}

/// JSON, to be compared whatever its spacing and the order of its members.
enum JSONValue: Decodable, Equatable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])

    init(parsing bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

    init(from decoder: any Swift.Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    /// Whether it is a google.rpc.Status with this code and an ErrorInfo with this reason.
    func isStatus(_ code: Int32, _ reason: String) -> Bool {
        guard case .object(let status) = self, status["code"] == .number(Double(code)) else { return false }
        guard case .list(let details) = status["details"] else { return false }
        return details.contains { detail in
            guard case .object(let info) = detail else { return false }
            return info["@type"] == .text("type.googleapis.com/google.rpc.ErrorInfo") && info["reason"] == .text(reason)
        }
    }
}
