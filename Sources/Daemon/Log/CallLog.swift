import EventLoop
import Logging
import Metrics
import RPC

/// Counts calls and writes those down that an operator should see.
struct CallLog {
    private struct MethodMetrics {
        let answered: Counter
        let failed: Counter
        let duration: Histogram
    }

    private let logger: Logger
    private let methods: [MethodMetrics]
    private let refusals: Counter

    init(_ methods: [ServerMethod], logger: Logger, metrics: MetricsRegistry) {
        self.logger = logger
        self.methods = methods.map { method in
            let labels = ["method": "\(method.service)/\(method.name)"]
            return MethodMetrics(
                answered: metrics.counter("cordee_calls_answered_total", "Calls answered with OK", labels: labels),
                failed: metrics.counter("cordee_calls_failed_total", "Calls answered otherwise", labels: labels),
                duration: metrics.histogram("cordee_calls_duration_us", "From read to answer", labels: labels))
        }
        refusals = metrics.counter("cordee_calls_refused_total", "Requests refused before they reached a method")
    }

    func ended(_ call: ServerCall, code: StatusCode) {
        let method = methods[call.methodIndex]
        let microseconds = Int64((EventLoop.nanosecondsNow() &- call.beganAt) / 1_000)
        (code == .ok ? method.answered : method.failed).add()
        method.duration.record(microseconds)
        if code == .internal {
            writeInternal(call)
        } else if logger.logLevel <= .debug {
            write(call, code, microseconds)
        }
    }

    func refused(_ status: Status) {
        refusals.add()
        logger.debug("request refused", metadata: ["reason": "\(status.reason)"])
    }

    private func write(_ call: ServerCall, _ code: StatusCode, _ microseconds: Int64) {
        logger.debug(
            "call",
            metadata: [
                "method": "\(call.method.service)/\(call.method.name)", "code": "\(code.name)",
                "duration_us": "\(microseconds)", "id": "\(call.id)",
            ])
    }

    private func writeInternal(_ call: ServerCall) {
        logger.error(
            "call failed",
            metadata: [
                "method": "\(call.method.service)/\(call.method.name)", "id": "\(call.id)",
                "error": "\(call.lastError.map { "\($0)" } ?? "")",
            ])
    }
}
