public import CordeeAPI
public import Store

/// A record of a kind of thing that has a name.
///
/// Who may see such things is said once, by `visible` of the resource in its proto, and applied to each of them by
/// `belonging`. ModuleKit does it for all: `call.find` for a name in a request, `call.page` for lists and searches, the
/// log of events and its watchers for what happened to one, and the export of a board.
public protocol Resource: Sendable {
    associatedtype Name: ResourceName

    var name: Name { get }

    /// To whom it belongs, by what was read with it.
    var belonging: Belonging { get }

    /// The record with a name; nil if there is none.
    ///
    /// It runs the same statements whether there is one or not, so that the time of an answer does not tell the two
    /// apart.
    static func find(_ name: Name, in db: some Queryable) throws -> Self?
}

extension Resource {
    /// Whether somebody may see it: the same for all methods.
    public func isVisible(to caller: Caller) -> Bool {
        Standing(permissions: Name.visible.allow, caller: caller, board: nil).covers(belonging)
    }
}

extension ModuleCall {
    /// The thing that a request names.
    ///
    /// - Throws: NOT_FOUND for what is not there, what the caller may not see, and what is no such name: all the same.
    public func find<Kind: Resource>(_ kind: Kind.Type, _ text: String, in db: some Queryable) throws -> Kind {
        guard let name = Kind.Name(text), let found = try Kind.find(name, in: db), found.isVisible(to: caller) else {
            throw Status.notFound(text)
        }
        return found
    }
}

extension ReadCall {
    /// As `find(_:_:in:)`, in the database of the call.
    public func find<Kind: Resource>(_ kind: Kind.Type, _ text: String) throws -> Kind { try find(kind, text, in: db) }
}

extension WriteCall {
    /// As `find(_:_:in:)`, in the database of the call.
    public func find<Kind: Resource>(_ kind: Kind.Type, _ text: String) throws -> Kind { try find(kind, text, in: db) }
}
