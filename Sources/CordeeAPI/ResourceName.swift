import SwiftProtobuf

/// The name of one kind of resource, taken apart into its ids. `WorkshopName` and its like are generated from the
/// `(cordee.api.v1.resource)` options.
public protocol ResourceName: Hashable, Sendable, LosslessStringConvertible {
    /// How such names look.
    static var pattern: ResourcePattern { get }

    /// Who may see what has such a name: `visible` of the resource in its proto.
    static var visible: CordeeAPI_Access { get }

    /// Nil if the text is not such a name.
    init?(_ text: String)
}

/// The name of a board: "boards/b1". All resources lie in one.
public struct BoardName: ResourceName {
    public static let pattern: ResourcePattern = "boards/{board}"
    public static let visible = CordeeAPI_Access.with { $0.allow = [.with { ($0.role, $0.over) = (.staff, .board) }] }

    /// The id of the board.
    public var board: String

    /// The id is not looked at: it comes from a name that was read, or from the daemon.
    public init(board: String) { self.board = board }

    public init?(_ text: String) {
        var reader = ResourceNameReader(text)
        guard reader.skip("boards/"), let board = reader.id(), reader.isAtEnd else { return nil }
        self.board = board
    }

    /// The board that a resource of any kind lies in; nil if the name does not begin with one.
    public init?(of name: String) {
        var reader = ResourceNameReader(name)
        guard reader.skip("boards/"), let board = reader.id(), reader.isAtEnd || reader.skip("/") else { return nil }
        self.board = board
    }

    public var description: String { "boards/\(board)" }
}
