/// What a thing does when its calls come one after the other: what a concurrent history is checked against.
public protocol SequentialModel {
    associatedtype State: Hashable
    /// A call with its answer, or without one if the caller never got it.
    associatedtype Call

    /// Before the first call.
    var initial: State { get }

    /// Whether a call with this answer, wherever it is possible, leaves all as it was: a read, a refusal.
    func isIdle(_ call: Call) -> Bool

    /// What a call leaves behind; nil if the thing, in this state, would have answered otherwise.
    func state(after call: Call, in state: State) -> State?
}

/// A call and when it was open, by a clock that all callers share.
public struct HistoryEntry<Call> {
    public var call: Call
    /// Before it was sent.
    public var begin: Int
    /// After its answer came; nil if none came: it may have had its effect at any time since, or never.
    public var end: Int?

    public init(_ call: Call, begin: Int, end: Int?) { (self.call, self.begin, self.end) = (call, begin, end) }
}

extension HistoryEntry: Sendable where Call: Sendable {}

/// Whether a history is linearizable: whether each call can be given one instant between its beginning and its end such
/// that in the order of these instants the model answers the same.
///
/// The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), which remembers where it has been as
/// Lowe does ("Testing for linearizability", 2017): by the set of calls that have had their instant, and the state.
public struct LinearizabilityCheck<Model: SequentialModel> {
    private let model: Model
    /// By their beginning.
    private let entries: [HistoryEntry<Model.Call>]
    /// How many of the entries must have had their instant.
    private let answeredCount: Int
    private var seen: Set<Place> = []
    private var done: Place
    private var doneAnsweredCount = 0
    /// The most answered calls that fitted together: where to look when it fails.
    private var best: [Int] = []
    private var path: [Step] = []

    private struct Place: Hashable {
        var taken: [UInt64]
        var state: Model.State
    }

    private struct Step {
        var index: Int
        var before: Model.State
    }

    /// What a check found.
    public enum Verdict: Equatable, Sendable {
        case linearizable
        /// No order explains the answers; the longest order that explains some of them, by indices in the history as it
        /// was given, and the calls that could have come next but did not fit.
        case impossible(longest: [Int], stuckAt: [Int])
        /// Too many calls were open at once to try all orders.
        case undecided
    }

    /// So many places are looked at: some seconds of a debug build.
    private static var placesMax: Int { 200_000 }

    /// Looks for an order of a history.
    public static func verdict(of history: [HistoryEntry<Model.Call>], by model: Model) -> Verdict {
        let order = history.indices.sorted { (history[$0].begin, $0) < (history[$1].begin, $1) }
        var check = LinearizabilityCheck(order.map { history[$0] }, model)
        let found = check.search()
        if found == true { return .linearizable }
        if found == nil { return .undecided }
        let longest = check.best
        let next = check.candidates(taken: Self.bits(longest, count: order.count))
        return .impossible(longest: longest.map { order[$0] }, stuckAt: next.map { order[$0] })
    }

    private init(_ entries: [HistoryEntry<Model.Call>], _ model: Model) {
        (self.entries, self.model) = (entries, model)
        answeredCount = entries.count { $0.end != nil }
        done = Place(taken: Self.bits([], count: entries.count), state: model.initial)
    }

    private static func bits(_ indices: [Int], count: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: count / 64 + 1)
        for index in indices { words[index / 64] |= 1 << UInt64(index % 64) }
        return words
    }

    /// Depth first; each turn goes one step on, or one back when nothing is left to try.
    private mutating func search() -> Bool? {
        var choices = [choicesNow()]
        while doneAnsweredCount < answeredCount {
            guard seen.count < Self.placesMax else { return nil }
            if let index = choices[choices.count - 1].popLast() {
                guard enter(index) else { continue }
                take(index)
                choices.append(choicesNow())
            } else {
                choices.removeLast()
                guard let last = path.popLast() else { return false }
                undo(last)
            }
        }
        return true
    }

    /// What to try next, the best last.
    ///
    /// A call that fits and can never change anything is given its instant at once: in each order that holds it later
    /// it can be moved here. Else whoever was answered first most likely came first.
    private func choicesNow() -> [Int] {
        let found = candidates(taken: done.taken)
        let idle = found.first {
            model.isIdle(entries[$0].call) && model.state(after: entries[$0].call, in: done.state) != nil
        }
        if let idle { return [idle] }
        return found.sorted { (entries[$0].end ?? .max) > (entries[$1].end ?? .max) }
    }

    /// The calls that may have had their instant next: those that began before the first end of all that have not.
    private func candidates(taken: [UInt64]) -> [Int] {
        var found: [Int] = []
        var firstEnd = Int.max
        // Whole words of calls that have had their instant are passed over.
        let firstWord = taken.firstIndex { $0 != .max } ?? 0
        for index in (firstWord * 64)..<max(entries.count, firstWord * 64) {
            let entry = entries[index]
            guard entry.begin <= firstEnd else { break }
            guard taken[index / 64] & 1 << UInt64(index % 64) == 0 else { continue }
            found.append(index)
            firstEnd = min(firstEnd, entry.end ?? .max)
        }
        return found.filter { entries[$0].begin <= firstEnd }
    }

    /// Whether a call fits now, and leads where the search has not been.
    private mutating func enter(_ index: Int) -> Bool {
        guard let state = model.state(after: entries[index].call, in: done.state) else { return false }
        var place = Place(taken: done.taken, state: state)
        place.taken[index / 64] |= 1 << UInt64(index % 64)
        return seen.insert(place).inserted
    }

    private mutating func take(_ index: Int) {
        guard let state = model.state(after: entries[index].call, in: done.state) else { return }
        path.append(Step(index: index, before: done.state))
        done.taken[index / 64] |= 1 << UInt64(index % 64)
        done.state = state
        if entries[index].end != nil { doneAnsweredCount += 1 }
        if path.count > best.count { best = path.map(\.index) }
    }

    private mutating func undo(_ step: Step) {
        done.taken[step.index / 64] &= ~(1 << UInt64(step.index % 64))
        done.state = step.before
        if entries[step.index].end != nil { doneAnsweredCount -= 1 }
    }
}
