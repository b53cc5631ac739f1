public import RPC

/// A caller who may call a method: what is the same for all calls that they make of it.
///
/// It is made once and kept with the connection, and a call's facts refer to it: a small call takes less time than
/// copying what stands here, with a reference counted for each string and list (`make bench`).
public final class Admission: Sendable {
    let caller: Caller
    let rule: AccessRule
    let method: String
    let pageTokens: PageTokens

    /// - Parameter method: the method's path, "service/method".
    /// - Throws: as `AccessRule.admit`.
    public init(of caller: Caller, by rule: AccessRule, to method: String, pageTokens: PageTokens) throws(Status) {
        try rule.admit(caller)
        (self.caller, self.rule, self.method, self.pageTokens) = (caller, rule, method, pageTokens)
    }

    /// The facts of one call.
    ///
    /// - Parameter resource: the name in the request.
    /// - Throws: as `AccessRule.standing`.
    public func facts(over resource: String, now: Timestamp, language: Language) throws(Status) -> CallFacts {
        let board = resource.isEmpty ? nil : try rule.standing(of: caller, over: resource).board
        return CallFacts(admission: self, board: board, now: now, language: language)
    }
}
