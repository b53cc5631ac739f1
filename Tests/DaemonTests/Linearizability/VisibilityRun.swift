import EventLoop
import GoogleRPC
import RPC
import SwiftProtobuf
import TestKit
import Wire
import WorkshopsAPI

/// Pairs of a write on one connection and, as soon as it is answered, a read of the same workshop on the other one:
/// many pairs at once, each of a workshop of its own, since one after the other each would wait for a sync of the disk.
///
/// It speaks the wire itself: 200,000 calls are few for the daemon and many for a client of a debug build.
final class VisibilityRun: Sendable {
    struct Outcome: Sendable {
        /// Reads that came back.
        var readCount = 0
        /// What went wrong first; the run ends with it.
        var failure: String?
    }

    private let state: LoopBound<State>

    /// - Parameters:
    ///   - workshops: a pair each; nobody else writes them.
    ///   - token: of who leads them.
    init(on socketPath: String, workshops: [String], token: String) async throws {
        let loop = Patience.loop
        state = LoopBound(handing: State(workshops, token), to: loop)
        // One after the other: the daemon gives each connection to the loop after that of the one before.
        for _ in 0..<2 { try await connect(socketPath) }
    }

    private func connect(_ path: String) async throws {
        let state = state
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            state.loop.execute {
                Stream.connect(to: .unix(path: path), on: state.loop) { result in
                    done.resume(with: result.map { state.value.add($0) }.mapError { $0 as any Error })
                }
            }
        }
    }

    /// Makes so many reads, then closes the connections.
    func run(_ count: Int) async -> Outcome {
        await withCheckedContinuation { continuation in
            state.loop.execute { [state] in state.value.begin(count) { continuation.resume(returning: $0) } }
        }
    }

    private struct Pair {
        let workshop: String
        let readFrame: [UInt8]
        /// What is written last; never twice the same.
        var capacity = 0
        /// The connection of the write.
        var writer: Int
        var isReading = false
    }

    /// What lives on the loop.
    private final class State {
        private var pairs: [Pair]
        private let token: String
        private var ends: [End] = []
        private var outcome = Outcome()
        private var wantedCount = 0
        private var done: ((Outcome) -> Void)?
        private let parser = ResponseParser()

        /// One connection.
        private final class End {
            let stream: Stream
            var decoder = FrameDecoder()
            var nextID: UInt32 = 1
            /// The pair of each call in flight.
            var calls: [UInt32: Int] = [:]
            var unsent: [UInt8] = []
            init(_ stream: Stream) { self.stream = stream }
        }

        init(_ workshops: [String], _ token: String) {
            self.token = token
            pairs = workshops.enumerated().map { index, workshop in
                let request = CordeeWorkshops_GetWorkshopRequest.with { $0.name = workshop }
                let payload: [UInt8] = (try? request.serializedBytes()) ?? []
                return Pair(
                    workshop: workshop, readFrame: Self.frame("GetWorkshop", payload, token), writer: index % 2)
            }
        }

        private static func frame(_ method: String, _ payload: [UInt8], _ token: String) -> [UInt8] {
            Frames.request(
                1, "cordee.workshops.v1.Workshops/\(method)", payload: payload,
                metadata: [("authorization", "Bearer \(token)")])
        }

        func add(_ stream: Stream) {
            let (number, end) = (ends.count, End(stream))
            ends.append(end)
            stream.onRead = { [unowned self] in received($0, by: number) }
            stream.onEnd = { [unowned self] _ in fail("connection \(number) has ended") }
            stream.startReading()
        }

        func begin(_ count: Int, _ done: @escaping (Outcome) -> Void) {
            (wantedCount, self.done) = (count, done)
            for index in pairs.indices { write(index) }
            flush()
        }

        private func received(_ bytes: RawSpan, by number: Int) {
            var found: [(id: UInt32, payload: [UInt8], status: [UInt8])] = []
            _ = ends[number].decoder.decode(bytes, framesMax: .max) { _, header, data in
                let answer = try? parser.parse(data) { response in
                    (response.payload.withUnsafeBytes { Array($0) }, response.statusBytes.withUnsafeBytes { Array($0) })
                }
                if let answer { found.append((header.streamID, answer.0, answer.1)) }
            }
            for answer in found where done != nil {
                guard let index = ends[number].calls.removeValue(forKey: answer.id) else { continue }
                guard answer.status.isEmpty else { return fail("a call was refused: \(Self.text(answer.status))") }
                pairs[index].isReading ? check(answer.payload, index) : read(index)
            }
            flush()
        }

        private static func text(_ status: [UInt8]) -> String {
            (try? GoogleRPC_Status(serializedBytes: status))?.message ?? "\(status)"
        }

        private func write(_ index: Int) {
            pairs[index].capacity += 1
            pairs[index].isReading = false
            let request = CordeeWorkshops_SetCapacityRequest.with {
                $0.name = pairs[index].workshop
                $0.capacity = Int32(pairs[index].capacity)
            }
            let payload: [UInt8] = (try? request.serializedBytes()) ?? []
            send(Self.frame("SetCapacity", payload, token), by: pairs[index].writer, of: index)
        }

        private func read(_ index: Int) {
            pairs[index].isReading = true
            send(pairs[index].readFrame, by: 1 - pairs[index].writer, of: index)
        }

        private func check(_ payload: [UInt8], _ index: Int) {
            let pair = pairs[index]
            guard let seen = try? CordeeWorkshops_Workshop(serializedBytes: payload) else {
                return fail("an answer that cannot be read")
            }
            guard Int(seen.capacity) == pair.capacity else {
                return fail("\(pair.capacity) was acknowledged, then \(seen.capacity) read, of \(pair.workshop)")
            }
            outcome.readCount += 1
            if outcome.readCount == wantedCount { return end() }
            // The next time the other way round.
            pairs[index].writer = 1 - pair.writer
            write(index)
        }

        private func send(_ frame: [UInt8], by number: Int, of index: Int) {
            let end = ends[number]
            let (start, id) = (end.unsent.count, end.nextID)
            end.unsent += frame
            // Bytes 4 to 7 of a frame are its stream's id.
            for byte in 0..<4 { end.unsent[start + 4 + byte] = UInt8(truncatingIfNeeded: id >> (24 - 8 * byte)) }
            end.calls[id] = index
            end.nextID += 2
        }

        private func flush() {
            for end in ends where !end.unsent.isEmpty {
                end.stream.write(end.unsent.span.bytes)
                end.unsent.removeAll(keepingCapacity: true)
            }
        }

        private func fail(_ what: String) {
            outcome.failure = outcome.failure ?? what
            end()
        }

        private func end() {
            guard let done else { return }
            self.done = nil
            for end in ends { end.stream.close() }
            done(outcome)
        }
    }
}
