public import SwiftProtobuf

/// A request that can ask for all checks and no change (AIP-163): the daemon undoes what its handler wrote.
public protocol ValidatesOnly: SwiftProtobuf.Message {
    var validateOnly: Bool { get }
}
