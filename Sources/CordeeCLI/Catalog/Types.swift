import CordeeAPI

/// A message type of the daemon.
struct MessageType: Sendable {
    /// "cordee.system.v1.Info", without a leading dot.
    let fullName: String
    /// In the order of their numbers.
    let fields: [Field]
    let comment: Comment
    /// Set when the message is a resource.
    let resource: Resource?

    /// What a resource says of its tables.
    struct Resource: Sendable {
        /// Field paths: "title", "sessions.start_local".
        let columns: [String]
        /// Whether it has a name of its own (AIP-122).
        let hasName: Bool
    }

    /// "Info".
    var simpleName: String { Naming.lastPart(of: fullName) }

    func field(named name: some StringProtocol) -> Field? { fields.first { $0.isNamed(name) } }
}

/// An enum type of the daemon.
struct EnumType: Sendable {
    /// One value.
    struct Value: Sendable {
        let name: String
        let number: Int32
        let comment: Comment

        /// Whether it only says that nothing was said (AIP-126).
        var isUnspecified: Bool { number == 0 && name.hasSuffix("UNSPECIFIED") }
    }

    let fullName: String
    let values: [Value]
    let comment: Comment

    var simpleName: String { Naming.lastPart(of: fullName) }
}

/// A service of the daemon.
struct ServiceType: Sendable {
    let fullName: String
    /// The module of the file that declares it, empty if it says none.
    let module: String
    let methods: [MethodType]
    let comment: Comment

    var simpleName: String { Naming.lastPart(of: fullName) }
}

/// A method of a service.
struct MethodType: Sendable {
    /// The full name of its service.
    let service: String
    /// "GetInfo".
    let name: String
    /// The full names of its messages.
    let input: String
    let output: String
    let isReadOnly: Bool
    let sendsMany: Bool
    let answersMany: Bool
    /// Who may call it: any one is enough.
    let permissions: [Permission]
    let comment: Comment

    /// A role and what it must be held over.
    struct Permission: Sendable, Equatable {
        let role: CordeeAPI_Role
        let scope: CordeeAPI_Scope
    }

    /// Whether a call of it is a stream, in either direction.
    var isStreaming: Bool { sendsMany || answersMany }

    /// "cordee.system.v1.System/GetInfo".
    var path: String { "\(service)/\(name)" }
}
