import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How a handler runs; the names are those of `MethodBinding`.
enum MethodKind: String, CustomStringConvertible {
    case read, write, wait, serverStream, clientStream, bothStreams

    var description: String { rawValue }

    /// Whether its handler may suspend.
    var isAsync: Bool { self != .read && self != .write }

    /// The context that such a handler is given.
    var context: String {
        switch self {
        case .read: "Read"
        case .write: "Write"
        case .wait, .serverStream, .clientStream, .bothStreams: "Wait"
        }
    }
}

extension MethodDescriptor {
    /// Whether the proto says NO_SIDE_EFFECTS.
    var isReadOnly: Bool { options.idempotencyLevel == .noSideEffects }

    var kind: MethodKind {
        switch (clientStreaming, serverStreaming) {
        case (true, true): return .bothStreams
        case (true, false): return .clientStream
        case (false, true): return .serverStream
        case (false, false): break
        }
        if options.CordeeAPI_handling == .waits { return .wait }
        return isReadOnly ? .read : .write
    }

    var swiftName: String { name.lowerFirst.escaped }
}
