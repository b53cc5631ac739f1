public import EventLoop
public import Metrics
import Threading

/// Puts TLS on the connections of a listener; its certificate can be replaced while it serves.
public final class TLSServer: Sendable {
    private let context: Lock<TLSServerContext>
    private let handshakeTimeout: Duration
    private let scratches = Scratches()
    private let metrics: TLSMetrics

    public init(_ context: TLSServerContext, handshakeTimeout: Duration, metrics: MetricsRegistry) {
        self.context = Lock(context)
        self.handshakeTimeout = handshakeTimeout
        self.metrics = TLSMetrics(metrics)
    }

    /// New connections take this certificate; those that are open keep theirs.
    public func replace(_ fresh: TLSServerContext) { context.withLock { $0 = fresh } }

    /// For `Server.listen`.
    public var layer: TransportLayer {
        { [self] stream in
            let context = context.withLock { $0 }
            return TLSTransport(
                on: stream, Engine(context.secure, .server), scratches.scratch(of: stream.loop),
                handshakeTimeout: handshakeTimeout
            ) { [metrics] event in metrics.count(event) }
        }
    }
}

/// What a server with TLS counts.
struct TLSMetrics: Sendable {
    private let handshakes: Counter
    private let timeouts: Counter
    private let protocolFaults: Counter
    private let certificates: Counter

    init(_ registry: MetricsRegistry) {
        func failures(_ failure: TLSFailure) -> Counter {
            registry.counter(
                "cordee_tls_handshake_failures_total", "Connections that could not be made secure.",
                labels: ["reason": failure.label])
        }
        handshakes = registry.counter("cordee_tls_handshakes_total", "Connections that were made secure.")
        timeouts = failures(.timeout)
        protocolFaults = failures(.protocolFault(""))
        certificates = failures(.certificate(""))
    }

    func count(_ event: TLSEvent) {
        switch event {
        case .established: handshakes.add()
        case .refused(.timeout): timeouts.add()
        case .refused(.protocolFault): protocolFaults.add()
        case .refused(.certificate): certificates.add()
        case .broken: break
        }
    }
}
