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
        } else if writesAll {
            write(call, code, microseconds)
        }
    }

    /// Counts calls of one method that were answered with OK after the same time.
    fileprivate func answered(_ methodIndex: Int, count: Int64, microseconds: Int64) {
        methods[methodIndex].answered.add(count)
        methods[methodIndex].duration.record(microseconds, times: count)
    }

    /// Whether each call is written down, not only those that failed.
    fileprivate var writesAll: Bool { logger.logLevel <= .debug }
    fileprivate var methodCount: Int { methods.count }

    func refused(_ status: Status) {
        refusals.add()
        logger.debug("request refused", metadata: ["reason": "\(status.reason)"])
    }

    private func write(_ call: ServerCall, _ code: StatusCode, _ microseconds: Int64) {
        var metadata: Logger.Metadata = [
            "method": "\(call.method.service)/\(call.method.name)", "code": "\(code.name)",
            "duration_us": "\(microseconds)", "id": "\(call.id)",
        ]
        if let certificate = call.connection.certificate { metadata["certificate"] = "\(certificate.subject)" }
        logger.debug("call", metadata: metadata)
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

/// The calls that were answered with OK in the batch that is being handled. They were read together and their answers
/// leave together, so one look at the clock does for all, and one addition for all of a method.
struct BatchTally {
    private let log: CallLog
    /// How many, by the index of their method.
    private var counts: [Int64]
    /// The methods that are not at zero.
    private var touched: [Int] = []
    /// When their bytes were read.
    private var beganAt: UInt64 = 0
    private var isOpen = false

    init(_ log: CallLog) {
        self.log = log
        counts = [Int64](repeating: 0, count: log.methodCount)
    }

    mutating func begin() { isOpen = !log.writesAll }

    /// Counts a call with the batch.
    ///
    /// - Returns: false for a call that was read at another time than the first one taken, or that is to be written down.
    mutating func take(_ call: ServerCall) -> Bool {
        guard isOpen, touched.isEmpty || call.beganAt == beganAt else { return false }
        beganAt = call.beganAt
        if counts[call.methodIndex] == 0 { touched.append(call.methodIndex) }
        counts[call.methodIndex] += 1
        return true
    }

    mutating func end() {
        isOpen = false
        guard !touched.isEmpty else { return }
        let microseconds = Int64((EventLoop.nanosecondsNow() &- beganAt) / 1_000)
        for index in touched {
            log.answered(index, count: counts[index], microseconds: microseconds)
            counts[index] = 0
        }
        touched.removeAll(keepingCapacity: true)
    }
}
