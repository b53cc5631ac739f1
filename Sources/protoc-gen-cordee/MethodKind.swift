import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How a handler runs; the names are those of `MethodBinding`.
enum MethodKind: String, CustomStringConvertible {
    case read, write, wait

    var description: String { rawValue }

    /// The context that such a handler is given.
    var context: String {
        switch self {
        case .read: "Read"
        case .write: "Write"
        case .wait: "Wait"
        }
    }
}

extension MethodDescriptor {
    /// Whether the proto says NO_SIDE_EFFECTS.
    var isReadOnly: Bool { options.idempotencyLevel == .noSideEffects }

    var kind: MethodKind {
        if options.CordeeAPI_handling == .waits { return .wait }
        return isReadOnly ? .read : .write
    }

    var swiftName: String { name.lowerFirst.escaped }
}
