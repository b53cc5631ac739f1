public import RPC
public import SwiftProtobuf

extension SwiftProtobuf.Message where Self: SwiftProtobuf._ProtoNameProviding & Validated & Equatable {
    /// This resource with the fields of a change laid over it (AIP-134).
    ///
    /// A repeated field or a map is replaced as a whole (AIP-144), so that a change can take elements away.
    ///
    /// - Parameters:
    ///   - change: the resource as the request carries it.
    ///   - mask: which of its fields count; empty for all that are set, "*" for all.
    /// - Throws: INVALID_ARGUMENT for a path that is no field, and for each broken rule of the result.
    public func updated(by change: Self, mask: Google_Protobuf_FieldMask) throws -> Self {
        let isWhole = mask.paths == ["*"]
        guard isWhole || mask.isValid(for: Self.self) else {
            throw Status.badField("update_mask", fr: "Champ inconnu.", en: "Unknown field.")
        }
        var options = Google_Protobuf_FieldMask.MergeOptions()
        options.replaceRepeatedFields = true
        var result = self
        let named = isWhole ? Google_Protobuf_FieldMask(allFieldsOf: Self.self) : mask
        let fields = try named.paths.isEmpty ? change.populatedFields : named
        try result.merge(from: change, fieldMask: fields, mergeOption: options)
        var violations = Violations()
        result.validate(&violations)
        try violations.throwIfAny()
        return result
    }

    /// The fields that are set, without those of the messages in them.
    private var populatedFields: Google_Protobuf_FieldMask {
        get throws {
            var populated = Google_Protobuf_FieldMask()
            populated.paths = try Google_Protobuf_FieldMask(allFieldsOf: Self.self).paths.filter { path in
                var alone = Self()
                try alone.merge(from: self, fieldMask: .with { $0.paths = [path] })
                return alone != Self()
            }
            return populated
        }
    }
}
