public import CordeeAPI
public import RPC

/// Who may call one method: `(cordee.api.v1.access)` of its proto.
public struct AccessRule: Sendable {
    let permissions: [CordeeAPI_Permission]

    public init(_ access: CordeeAPI_Access) { permissions = access.allow }

    /// Whether whoever reached the socket is let in.
    public var isForAnyone: Bool { permissions.contains { $0.role == .anyone } }

    /// Whether the caller may call the method at all, before the request is even read.
    ///
    /// - Throws: UNAUTHENTICATED for nobody, PERMISSION_DENIED for somebody without any of the roles.
    public func admit(_ caller: Caller) throws(Status) {
        for permission in permissions where Self.isHeld(permission, by: caller) { return }
        throw caller.kind == .nobody ? .unauthenticated : .forbidden
    }

    /// What of the rule applies to the caller over the boards that the request is about.
    ///
    /// - Parameter resource: the name in the request: "boards/b/…"; empty or "boards/-…" for all boards.
    /// - Throws: NOT_FOUND for a board that the caller has no part in, whether it exists or not; PERMISSION_DENIED for
    ///   a board in which the caller lacks the roles.
    public func standing(of caller: Caller, over resource: String) throws(Status) -> Standing {
        let standing = Standing(permissions: permissions, caller: caller, board: Self.board(of: resource))
        guard let board = standing.board else { return standing }
        guard caller.roles.contains(where: { $0.board == board }) else { throw .notFound(resource) }
        guard standing.isAny else { throw .forbidden }
        return standing
    }

    private static func isHeld(_ permission: CordeeAPI_Permission, by caller: Caller) -> Bool {
        switch permission.role {
        case .anyone: true
        case .operator: caller.kind == .operator
        default: caller.roles.contains { $0.role == permission.role }
        }
    }

    /// The board of a resource name; nil if it names none or all.
    private static func board(of resource: String) -> Substring? {
        guard resource.hasPrefix("boards/") else { return nil }
        let board = resource.dropFirst(7).prefix { $0 != "/" }
        return board == "-" || board.isEmpty ? nil : board
    }
}
