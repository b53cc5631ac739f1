public import RPC
public import SwiftProtobuf

extension SwiftProtobuf.Message where Self: SwiftProtobuf._ProtoNameProviding & Validated {
    /// This resource with the fields of a change laid over it (AIP-134).
    ///
    /// - Parameters:
    ///   - change: the resource as the request carries it.
    ///   - mask: which of its fields count; empty for all that are set.
    /// - Throws: INVALID_ARGUMENT for a path that is no field, and for each broken rule of the result.
    public func updated(by change: Self, mask: Google_Protobuf_FieldMask) throws -> Self {
        var result = self
        if mask.paths.isEmpty {
            try result.merge(serializedBytes: change.serializedBytes() as [UInt8])
        } else {
            guard mask.isValid(for: Self.self) else {
                throw Status.badField("update_mask", fr: "Champ inconnu.", en: "Unknown field.")
            }
            try result.merge(from: change, fieldMask: mask)
        }
        var violations = Violations()
        result.validate(&violations)
        try violations.throwIfAny()
        return result
    }
}
