/// What a module does when an event is in the log: once in effect, in the order of the log, also after a crash.
///
/// It runs in a write that also moves its cursor. When it throws it is tried again later, after a while that grows; it
/// then holds up itself alone. After a number of tries (`reactions.tries_max`) it stands still until an operator has it
/// go on (`cordee reactions list|retry|skip`).
public struct Reaction: Sendable {
    /// Where a reaction that is new to a database begins.
    public enum Start: Sendable {
        /// With the first event that the log still holds.
        case beginning
        /// With the first event after the start.
        case now
    }

    /// Unique in its module: "withdraw_leavers".
    public let name: String
    /// The types of events that it is for: "directory.person.left.v1".
    public let types: Set<String>
    public let start: Start
    /// - Throws: what keeps it from taking effect; nothing of it is then kept.
    public let take: @Sendable (LoggedEvent, EffectCall) throws -> Void

    public init(
        _ name: String, to types: Set<String>, from start: Start,
        _ take: @escaping @Sendable (LoggedEvent, EffectCall) throws -> Void
    ) {
        (self.name, self.types, self.start, self.take) = (name, types, start, take)
    }
}
