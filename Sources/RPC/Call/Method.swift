public import SwiftProtobuf

/// A method as a client and a server agree on it: its path, its messages, and whether it only reads.
public struct Method<Request: Message & Validated & Sendable, Response: Message & Sendable>: Sendable {
    /// The full name of the service: "cordee.workshops.v1.Workshops".
    public let service: String
    /// The method's name: "Register".
    public let name: String
    /// Whether the proto says NO_SIDE_EFFECTS: the client may repeat the call.
    public let isReadOnly: Bool
    /// The resource that the request is about, as its proto declares it; empty if it names none.
    public let resourceName: @Sendable (Request) -> String

    public init(
        service: String, name: String, isReadOnly: Bool, resourceName: @escaping @Sendable (Request) -> String
    ) {
        self.service = service
        self.name = name
        self.isReadOnly = isReadOnly
        self.resourceName = resourceName
    }
}
