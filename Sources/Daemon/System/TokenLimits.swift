import Metrics
import ModuleKit
import RPC

/// How long tokens are good, and how many one person may have.
struct TokenLimits: Sendable {
    /// Of a token whose maker says no end.
    let life: Duration
    let lifeMax: Duration
    let perPersonMax: Int
    private let refusals: Counter

    init(_ configuration: Configuration, metrics: MetricsRegistry) {
        (lifeMax, perPersonMax) = (configuration.tokenLifeMax, configuration.tokensPerPersonMax)
        life = min(configuration.tokenLife, configuration.tokenLifeMax)
        refusals = metrics.counter("cordee_tokens_refused_total", "Tokens not made: their person has too many.")
    }

    /// When a new token ends.
    ///
    /// - Throws: INVALID_ARGUMENT for an end that is not after now, or too far away.
    func end(asked: Timestamp?, at now: Timestamp) throws(Status) -> Timestamp {
        guard let asked else { return now + life }
        guard asked > now, asked <= now + lifeMax else {
            throw Status.badField(
                "expire_time", fr: "La fin doit être à venir, et avant la plus longue durée d'un jeton.",
                en: "The end must lie ahead, within the longest life of a token.")
        }
        return asked
    }

    /// - Throws: RESOURCE_EXHAUSTED for a person who has as many as one may.
    func checkCount(_ count: Int) throws(Status) {
        guard count >= perPersonMax else { return }
        refusals.add()
        throw Status(
            .resourceExhausted, "TOO_MANY_TOKENS",
            fr: "Cette personne a déjà trop de jetons : révoquez-en un.",
            en: "This person has too many tokens already: revoke one.")
    }
}
