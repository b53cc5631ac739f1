public import RPC

/// What handlers of modules are given: see `ReadCall`, `WriteCall` and `WaitCall`.
public enum ModuleCalls: HandlerContexts {
    public typealias Read = ReadCall
    public typealias Write = WriteCall
    public typealias Wait = WaitCall
}

/// Who calls, when and in which language: what each handler knows of its call.
public struct CallFacts: Sendable {
    let admission: Admission
    /// The one board that the request is about; nil for all.
    let board: Substring?
    /// The instant of the call, read once, so that one call sees one time.
    public var now: Timestamp
    public let language: Language

    public var caller: Caller { admission.caller }
    public var standing: Standing { Standing(permissions: admission.rule.permissions, caller: caller, board: board) }
    /// The method's path, "service/method": page tokens are bound to it.
    var method: String { admission.method }
    var pageTokens: PageTokens { admission.pageTokens }
}

/// What the three kinds of calls have in common.
public protocol ModuleCall {
    var facts: CallFacts { get }
}

extension ModuleCall {
    public var caller: Caller { facts.caller }
    public var now: Timestamp { facts.now }
    public var language: Language { facts.language }
    /// Which permissions of the method the caller has, and over which boards.
    public var standing: Standing { facts.standing }

    /// The board that a request's `parent` means: the caller's own if it is empty.
    ///
    /// - Throws: INVALID_ARGUMENT if it is no board's name, or empty for somebody without a board.
    public func board(_ parent: String) throws(Status) -> String {
        if parent.isEmpty, let home = caller.homeBoard { return home }
        guard let name = BoardName(parent), name.board != "-" else {
            throw .badField("parent", fr: "Un conseil est attendu : boards/…", en: "A board is expected: boards/…")
        }
        return name.board
    }
}
