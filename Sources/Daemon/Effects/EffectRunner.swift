import EventLoop
import Logging
import ModuleKit
import Store
import Threading

/// What does something by itself, turn by turn, on one loop.
protocol EffectRunner: AnyObject {
    /// Does what is to be done now, and says when to look again.
    ///
    /// - Throws: `StoreError` when the database cannot be read.
    func turn() async throws -> Rest
}

/// How long a runner has nothing to do.
enum Rest: Sendable {
    /// There is more to do.
    case none
    /// Until it is rung, or after this.
    case atMost(Duration)
    /// Until it is rung.
    case untilRung
}

extension EffectRunner {
    /// Turn by turn until the task is cancelled.
    ///
    /// - Parameter pause: after a turn that could not read.
    func run(on loop: EventLoop, _ alarm: Alarm, pause: Duration, _ logger: Logger) async {
        while !Task.isCancelled {
            do {
                switch try await turn() {
                case .none: await Task.yield()
                case .atMost(let length): await alarm.wait(on: loop, atMost: length)
                case .untilRung: await alarm.wait(on: loop, atMost: nil)
                }
            } catch {
                logger.error("reactions and jobs wait", metadata: ["error": "\(FailureText(error).text)"])
                await alarm.wait(on: loop, atMost: pause)
            }
        }
    }
}

/// What operators should know of reactions and jobs: why a module is degraded.
final class EffectReport: Sendable {
    private let reasons = Lock<(reactions: [String: [String]], jobs: [String: [String]])>(([:], [:]))

    /// By module, without personal data.
    func reactions(_ reasons: [String: [String]]) { self.reasons.withLock { $0.reactions = reasons } }
    func jobs(_ reasons: [String: [String]]) { self.reasons.withLock { $0.jobs = reasons } }

    /// How a module fares, its reactions and jobs included.
    func health(of module: any DomainModule) -> ModuleHealth {
        guard module.health == .serving, let reason = reason(of: module.name) else { return module.health }
        return .degraded(reason)
    }

    /// Nil while all goes well.
    func reason(of module: String) -> String? {
        let all = reasons.withLock { ($0.reactions[module] ?? []) + ($0.jobs[module] ?? []) }
        return all.isEmpty ? nil : all.joined(separator: "; ")
    }

    /// "workshops.withdraw_leavers" is of "workshops".
    static func module(of name: String) -> String { String(name.prefix { $0 != "." }) }
}
