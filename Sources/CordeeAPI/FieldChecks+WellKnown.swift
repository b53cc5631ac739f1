public import RPC
public import SwiftProtobuf

/// The checks of messages that protobuf itself defines.
extension Violations {
    /// Reason OUT_OF_RANGE: an instant outside of the years 1 to 9999, or parts of it that are none.
    public mutating func timestamp(_ field: String, _ value: Google_Protobuf_Timestamp) {
        // The bounds of google/protobuf/timestamp.proto.
        guard !(-62_135_596_800...253_402_300_799).contains(value.seconds) || !(0..<1_000_000_000).contains(value.nanos)
        else { return }
        add(
            field, "OUT_OF_RANGE", fr: "un instant des années 1 à 9999 est attendu",
            en: "an instant of the years 1 to 9999 is expected")
    }

    /// Reason OUT_OF_RANGE: a length beyond 10 000 years, or parts of it whose signs differ.
    public mutating func duration(_ field: String, _ value: Google_Protobuf_Duration) {
        // The bounds of google/protobuf/duration.proto.
        let isInRange =
            (-315_576_000_000...315_576_000_000).contains(value.seconds)
            && (-999_999_999...999_999_999).contains(value.nanos)
            && value.seconds.signum() * Int64(value.nanos.signum()) >= 0
        guard !isInRange else { return }
        add(
            field, "OUT_OF_RANGE", fr: "une durée d’au plus 10 000 ans est attendue",
            en: "a length of at most 10,000 years is expected")
    }

    /// Reason UNKNOWN_VALUE: a path that is none of the fields of what is changed, nor "*".
    public mutating func mask(_ field: String, _ mask: Google_Protobuf_FieldMask, of fields: [String]) {
        for (index, path) in mask.paths.enumerated() where path != "*" && !fields.contains(path) {
            add(
                "\(field).paths[\(index)]", "UNKNOWN_VALUE", fr: "ce champ n’existe pas",
                en: "there is no such field")
        }
    }

    /// Checks a message that is an element of a repeated field: "sessions[2]".
    public mutating func within(_ field: String, at index: Int, _ check: (inout Violations) -> Void) {
        within("\(field)[\(index)]", check)
    }

    /// The path of an entry of a map: `title["fr"]`. A key that could be anything is cut and stripped of what is not
    /// a letter, digit or simple sign.
    public static func entry(_ field: String, _ key: some CustomStringConvertible) -> String {
        let key = key.description.unicodeScalars.prefix(32).filter {
            $0.properties.isAlphabetic || "0123456789-_./ ".unicodeScalars.contains($0)
        }
        return "\(field)[\"\(String(String.UnicodeScalarView(key)))\"]"
    }
}

extension Google_Protobuf_FieldMask {
    /// Whether the mask names a field, by itself or by "*" (AIP-134).
    public func names(_ field: String) -> Bool {
        paths.contains { $0 == field || $0 == "*" }
    }
}
