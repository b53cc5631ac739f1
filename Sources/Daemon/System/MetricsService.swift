import CordeeAPI
import Metrics
import ModuleKit
import RPC

/// `cordee.system.v1.Metrics`: what the daemon measures of itself.
struct MetricsHandlers: MetricsService {
    typealias Contexts = ModuleCalls

    let metrics: MetricsRegistry

    func listMetrics(
        _ request: CordeeSystem_ListMetricsRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListMetricsResponse {
        .with {
            $0.metrics = metrics.snapshot().flatMap { family in
                family.samples.map { sample in
                    .with {
                        $0.name = family.name
                        $0.help = family.help
                        $0.labels = sample.labels
                        switch sample.value {
                        case .counter(let value), .gauge(let value): $0.value = value
                        case .histogram(let counts, let sum):
                            $0.value = counts.reduce(0, +)
                            $0.buckets = counts
                            $0.sum = sum
                        }
                    }
                }
            }
        }
    }
}
