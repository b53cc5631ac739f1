import Metrics

/// What a server counts; the names are stable.
struct ServerMetrics: Sendable {
    let connections: Gauge
    let connectionsRefused: Counter
    let connectionsCut: Counter
    let connectionsIdle: Counter
    let connectionsHalfOpen: Counter
    let callsOpen: Gauge
    let requests: Counter
    let refusals: Counter
    let answers: Counter
    let writes: Counter
    let bytesRead: Counter
    let bytesWritten: Counter
    let readPauses: Counter
    let deadlinesExceeded: Counter
    let callsCancelled: Counter
    let streamStalls: Counter
    let sendWaits: Counter
    let streamsCut: Counter
    let callsShed: Counter
    let messagesTooLarge: Counter
    let envelopesTooLarge: Counter
    let payloadsRefused: Counter

    init(_ registry: MetricsRegistry) {
        connections = registry.gauge("cordee_rpc_connections", "Open connections.")
        connectionsRefused = registry.counter(
            "cordee_rpc_connections_refused_total", "Connections closed at once, above the bound.")
        connectionsCut = registry.counter(
            "cordee_rpc_connections_cut_total", "Connections closed because their peer did not take its answers.")
        connectionsIdle = registry.counter(
            "cordee_rpc_connections_idle_total", "Connections closed because nothing came and no call was open.")
        connectionsHalfOpen = registry.counter(
            "cordee_rpc_connections_half_open_total", "Connections closed in the middle of a frame, past its time.")
        callsOpen = registry.gauge("cordee_rpc_calls_open", "Calls that are open beyond their batch.")
        requests = registry.counter("cordee_rpc_requests_total", "Request frames read.")
        refusals = registry.counter(
            "cordee_rpc_refusals_total", "Requests refused before a handler: frame, envelope, method, bound.")
        answers = registry.counter("cordee_rpc_answers_total", "Answers given, of any code.")
        writes = registry.counter("cordee_rpc_writes_total", "Writes of gathered answers to a connection.")
        bytesRead = registry.counter("cordee_rpc_read_bytes_total", "Bytes read from connections.")
        bytesWritten = registry.counter("cordee_rpc_written_bytes_total", "Bytes handed to connections.")
        readPauses = registry.counter(
            "cordee_rpc_read_pauses_total", "Pauses of reading because answers were not taken.")
        deadlinesExceeded = registry.counter("cordee_rpc_deadlines_exceeded_total", "Calls ended by their deadline.")
        callsCancelled = registry.counter("cordee_rpc_calls_cancelled_total", "Calls ended by Connection/Cancel.")
        streamStalls = registry.counter(
            "cordee_rpc_stream_stalls_total", "Pauses of reading because a handler did not take its messages.")
        sendWaits = registry.counter(
            "cordee_rpc_send_waits_total", "Waits of a stream's handler for its client to take what was sent.")
        streamsCut = registry.counter(
            "cordee_rpc_streams_cut_total", "Streams ended because their handler took nothing for too long.")
        callsShed = registry.counter(
            "cordee_rpc_calls_shed_total", "Calls refused because too many were open, or the server stops.")
        messagesTooLarge = registry.counter(
            "cordee_rpc_messages_too_large_total", "Frames and answers longer than a message may be.")
        envelopesTooLarge = registry.counter(
            "cordee_rpc_envelopes_too_large_total", "Requests whose names or metadata are beyond a bound.")
        payloadsRefused = registry.counter(
            "cordee_rpc_payloads_refused_total", "Messages that cannot be read, nested too deep among them.")
    }
}

/// What one loop has counted since it last told: plain numbers, so that a call costs no atomic addition.
struct ServerCounts {
    var requests: Int64 = 0
    var refusals: Int64 = 0
    var answers: Int64 = 0
    var writes: Int64 = 0
    var bytesRead: Int64 = 0
    var bytesWritten: Int64 = 0

    /// Adds the counts to the metrics and begins anew; once per batch.
    mutating func publish(to metrics: ServerMetrics) {
        Self.move(&requests, to: metrics.requests)
        Self.move(&refusals, to: metrics.refusals)
        Self.move(&answers, to: metrics.answers)
        Self.move(&writes, to: metrics.writes)
        Self.move(&bytesRead, to: metrics.bytesRead)
        Self.move(&bytesWritten, to: metrics.bytesWritten)
    }

    private static func move(_ count: inout Int64, to counter: Counter) {
        guard count > 0 else { return }
        counter.add(count)
        count = 0
    }
}
