import CLoad
import Glibc
import RPC
import SwiftProtobuf
import Wire

/// Calls encoded once, so that making them costs next to nothing.
struct EncodedCalls {
    private(set) var bytes: [UInt8] = []
    private(set) var starts: [UInt32] = [0]

    var count: Int { starts.count - 1 }

    mutating func append<Request, Response>(
        _ method: Method<Request, Response>, _ request: Request, token: String?, key: String? = nil,
        flags: FrameFlags = []
    ) throws {
        let payload: [UInt8] = try request.serializedBytes()
        // A frame of its own first: the encoder reserves exactly what it needs, which would copy all others each time.
        var frame: [UInt8] = []
        FrameEncoder.appendRequest(
            to: &frame, streamID: 1, flags: flags, service: method.service, method: method.name,
            payload: payload.span.bytes, timeoutNanoseconds: 0,
            metadata: (token.map { [("authorization", "Bearer \($0)")] } ?? [])
                + (key.map { [("idempotency-key", $0)] } ?? []))
        bytes += frame
        starts.append(UInt32(bytes.count))
    }

    /// The same again: a call of each frame.
    func slice(_ range: Range<Int>) -> EncodedCalls {
        var part = EncodedCalls()
        let start = starts[range.lowerBound]
        part.bytes = Array(bytes[Int(start)..<Int(starts[range.upperBound])])
        part.starts = starts[range.lowerBound...range.upperBound].map { $0 - start }
        return part
    }
}

/// How many connections make how many calls at once.
struct Shape: CustomStringConvertible {
    let connections: Int
    let inFlight: Int

    var description: String { "\(connections)×\(inFlight)" }
}

/// One measurement.
struct Sample {
    let cpuMicroseconds, p50, p99, callsPerSecond: Double
}

enum Load {
    /// Makes calls from this thread and measures the server meanwhile.
    ///
    /// - Parameter path: of the socket to call, if it is not the server's own.
    /// - Throws: if a single call is answered with an error.
    static func run(
        _ calls: EncodedCalls, to server: ServerUnderTest, _ shape: Shape, warmUp: Int, count: Int,
        at path: String? = nil
    ) throws -> Sample {
        var result = load_result()
        var failure = [CChar](repeating: 0, count: 200)
        let code = (path ?? server.socketPath).withCString { path in
            calls.bytes.withUnsafeBufferPointer { bytes in
                calls.starts.withUnsafeBufferPointer { starts in
                    var plan = load_plan(
                        socket_path: path, server_process: server.processID, connections: UInt32(shape.connections),
                        in_flight: UInt32(shape.inFlight), warm_up: UInt64(warmUp), calls: UInt64(count),
                        frames: bytes.baseAddress, starts: starts.baseAddress, frame_count: UInt32(calls.count))
                    return load_run(&plan, &result, &failure, failure.count)
                }
            }
        }
        guard code == 0 else { throw BenchmarkError("the load ended with \(String(cString: strerror(code)))") }
        guard result.failures == 0 else {
            let text = String(decoding: failure.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw BenchmarkError("\(result.failures) calls were answered with an error, the first: \(text)")
        }
        return Sample(
            cpuMicroseconds: result.server_cpu_us_per_call, p50: result.p50_us, p99: result.p99_us,
            callsPerSecond: Double(result.calls) / result.seconds)
    }

    /// Waits until a server that was just started answers one call.
    static func firstAnswer(_ calls: EncodedCalls, from server: ServerUnderTest) throws {
        let code = load_first_answer(server.socketPath, calls.bytes, calls.bytes.count, 30)
        guard code == 0 else { throw BenchmarkError("no first answer: \(String(cString: strerror(code)))") }
    }

    /// Opens connections, makes one call on each, and leaves them idle while `body` looks.
    static func withIdleConnections<Result>(
        _ count: Int, to server: ServerUnderTest, _ call: EncodedCalls, _ body: () throws -> Result
    ) throws -> Result {
        var sockets = [Int32](repeating: -1, count: count)
        defer { for socket in sockets where socket >= 0 { close(socket) } }
        let code = load_connect(server.socketPath, call.bytes, call.bytes.count, UInt32(count), &sockets)
        guard code == 0 else { throw BenchmarkError("no \(count) connections: \(String(cString: strerror(code)))") }
        return try body()
    }

    /// What `body` returns while another connection has so many calls in flight all the time, and how many of these
    /// were answered.
    static func withFlood<Result>(
        _ calls: EncodedCalls, to server: ServerUnderTest, inFlight: Int, _ body: () throws -> Result
    ) throws -> (Result, answered: UInt64) {
        try server.socketPath.withCString { path in
            try calls.bytes.withUnsafeBufferPointer { bytes in
                try calls.starts.withUnsafeBufferPointer { starts in
                    var plan = load_plan()
                    plan.socket_path = path
                    (plan.frames, plan.starts) = (bytes.baseAddress, starts.baseAddress)
                    (plan.frame_count, plan.in_flight) = (UInt32(calls.count), UInt32(inFlight))
                    guard let flood = load_flood_begin(&plan) else {
                        throw BenchmarkError("no flood: \(String(cString: strerror(errno)))")
                    }
                    let result = Swift.Result { try body() }
                    var answered: UInt64 = 0
                    let code = load_flood_end(flood, &answered)
                    guard code == 0 else {
                        throw BenchmarkError("the flood ended with \(String(cString: strerror(code)))")
                    }
                    return (try result.get(), answered)
                }
            }
        }
    }

    /// Calls a server stream and reads it to its end.
    ///
    /// - Parameter pieceBytes: the most that one read asks for.
    /// - Throws: if not exactly `expected` messages come.
    static func readStream(
        _ call: EncodedCalls, from server: ServerUnderTest, expected: Int, pieceBytes: Int, isSlow: Bool
    ) throws -> load_stream_result {
        var result = load_stream_result()
        let code = server.socketPath.withCString { path in
            call.bytes.withUnsafeBufferPointer { bytes in
                var plan = load_stream_plan()
                (plan.socket_path, plan.server_process) = (path, server.processID)
                (plan.frame, plan.frame_bytes) = (bytes.baseAddress, bytes.count)
                (plan.piece_bytes, plan.is_slow, plan.look_each_bytes) = (pieceBytes, isSlow ? 1 : 0, 1 << 20)
                return load_read_stream(&plan, &result)
            }
        }
        guard code == 0 else { throw BenchmarkError("the stream ended with \(String(cString: strerror(code)))") }
        guard result.messages == UInt64(expected) else {
            throw BenchmarkError("\(result.messages) of \(expected) messages came")
        }
        return result
    }
}
