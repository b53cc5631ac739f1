import Threading

/// One metric as it is read: its name, what it means and its values, one for each set of labels.
public struct MetricFamily: Sendable {
    public enum Value: Sendable {
        case counter(Int64)
        case gauge(Int64)
        /// Counts by power of two (see `Histogram`) and the sum of all values.
        case histogram(counts: [Int64], sum: Int64)
    }

    public var name: String
    public var help: String
    public var samples: [(labels: [String: String], value: Value)]
}

/// Where each room announces its metrics, and where they are read together.
///
/// Recording goes to the metric itself, never through the registry, so it costs one atomic addition. Names are
/// `cordee_<room>_<what>_<unit>`; announcing one name and label set twice gives the same metric back.
public final class MetricsRegistry: Sendable {
    private enum Metric {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        case computed(@Sendable () -> Int64)
    }

    private struct Key: Hashable {
        var name: String
        var labels: [String: String]
    }

    private struct Entry {
        var help: String
        var metric: Metric
    }

    private let entries = Lock<[Key: Entry]>([:])

    public init() {}

    public func counter(_ name: String, _ help: String, labels: [String: String] = [:]) -> Counter {
        announce(name, help, labels, make: { .counter(Counter()) }) {
            if case .counter(let it) = $0 { it } else { nil }
        }
    }

    public func gauge(_ name: String, _ help: String, labels: [String: String] = [:]) -> Gauge {
        announce(name, help, labels, make: { .gauge(Gauge()) }) { if case .gauge(let it) = $0 { it } else { nil } }
    }

    public func histogram(_ name: String, _ help: String, labels: [String: String] = [:]) -> Histogram {
        announce(name, help, labels, make: { .histogram(Histogram()) }) {
            if case .histogram(let it) = $0 { it } else { nil }
        }
    }

    /// A gauge whose value is asked for when it is read: the size of a file, a limit of the configuration.
    public func computed(
        _ name: String, _ help: String, labels: [String: String] = [:], _ value: @escaping @Sendable () -> Int64
    ) {
        entries.withLock { $0[Key(name: name, labels: labels)] = Entry(help: help, metric: .computed(value)) }
    }

    /// All metrics now, by name and then by labels.
    public func snapshot() -> [MetricFamily] {
        let entries = entries.withLock { Array($0) }
        let families = Dictionary(grouping: entries, by: \.key.name)
        return families.keys.sorted().map { name in
            let rows = (families[name] ?? []).sorted {
                "\($0.key.labels.sorted(by: <))" < "\($1.key.labels.sorted(by: <))"
            }
            return MetricFamily(
                name: name, help: rows.first?.value.help ?? "",
                samples: rows.map { (labels: $0.key.labels, value: Self.read($0.value.metric)) })
        }
    }

    private func announce<M: Sendable>(
        _ name: String, _ help: String, _ labels: [String: String],
        make: () -> Metric, as kind: (Metric) -> M?
    ) -> M {
        let metric: Metric = entries.withLock { entries in
            let key = Key(name: name, labels: labels)
            if let known = entries[key] { return known.metric }
            let metric = make()
            entries[key] = Entry(help: help, metric: metric)
            return metric
        }
        guard let metric = kind(metric) else { preconditionFailure("metric \(name) announced with two kinds") }
        return metric
    }

    private static func read(_ metric: Metric) -> MetricFamily.Value {
        switch metric {
        case .counter(let counter): .counter(counter.value)
        case .gauge(let gauge): .gauge(gauge.value)
        case .computed(let value): .gauge(value())
        case .histogram(let histogram): .histogram(counts: histogram.snapshot.counts, sum: histogram.snapshot.sum)
        }
    }
}
