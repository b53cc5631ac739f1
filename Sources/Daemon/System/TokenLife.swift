import Metrics
import ModuleKit
import RPC

/// How long tokens and keys are good, and how many of one owner.
struct TokenLife: Sendable {
    var standard: Duration
    var longest: Duration
    var countMax: Int
    private let refused: Counter

    init(standard: Duration, longest: Duration, countMax: Int, metrics: MetricsRegistry) {
        (self.standard, self.longest, self.countMax) = (standard, longest, countMax)
        refused = metrics.counter("cordee_tokens_refused_total", "Tokens that were not made: their owner has too many.")
    }

    /// - Parameter count: how many of the owner are good.
    /// - Throws: RESOURCE_EXHAUSTED if that is the most.
    func check(_ count: Int) throws(Status) {
        guard count >= countMax else { return }
        refused.add()
        throw .tooManyTokens
    }

    /// When one ends that is made now.
    ///
    /// - Throws: INVALID_ARGUMENT for an end that is not in the future, or too far in it.
    func end(asked: Timestamp?, at now: Timestamp) throws(Status) -> Timestamp {
        guard let asked else { return now + min(standard, longest) }
        guard asked > now else {
            throw .badField(
                "expire_time", "NOT_IN_FUTURE", fr: "La fin doit être dans le futur.",
                en: "The end must be in the future.")
        }
        guard asked <= now + longest else {
            throw .badField(
                "expire_time", "TOO_FAR", fr: "La fin est trop éloignée.", en: "The end is too far away.")
        }
        return asked
    }
}
