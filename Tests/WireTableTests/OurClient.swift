import EventLoop
import RPC
import SwiftProtobuf
import Synchronization
import Threading

/// `RPC.Client` as a client under test: it obeys the commands that come over a socket.
final class OurClient: Sendable {
    private let reports: AsyncStream<String>.Continuation
    private let loop: EventLoop

    private init(_ loop: EventLoop, _ reports: AsyncStream<String>.Continuation) {
        (self.loop, self.reports) = (loop, reports)
    }

    /// Obeys until the other end of the socket at `path` is closed.
    static func obey(controlAt path: String, on loop: EventLoop) async throws {
        let socket = try RawSocket.connect(to: path)
        let (commands, command) = AsyncStream.makeStream(of: String.self)
        let (reports, report) = AsyncStream.makeStream(of: String.self)
        let reader = try socket.duplicate()
        let handed = Lock<RawSocket?>(reader)
        async let reading: Void = onThread {
            guard let reader = handed.withLock({ $0.take() }) else { return }
            while let line = try? reader.line() { command.yield(line) }
            command.finish()
        }
        async let obeying: Void = OurClient(loop, report).obey(commands)
        for await line in reports { try? socket.write(Array("\(line)\n".utf8)) }
        _ = try await (reading, obeying)
    }

    private func obey(_ commands: AsyncStream<String>) async throws {
        var client: Client?
        var calls: [String: RunningCall] = [:]
        for await line in commands {
            let parts = line.split(separator: " : ", maxSplits: 1)
            let words = parts[0].split(separator: " ").map(String.init)
            let payload = parts.count == 2 ? try WireBytes(parts[1]).all : []
            switch words[0] {
            case "connect":
                for call in calls.values { call.cancel() }
                calls = [:]
                await client?.close()
                client = try await Client.connect(to: .unix(path: words[1]), on: loop)
            case "call":
                guard let client else { continue }
                calls[words[1]] = start(words, payload, client)
            case "send": calls[words[1]]?.messages.yield(payload)
            case "finish": calls[words[1]]?.messages.finish()
            case "cancel": calls[words[1]]?.cancel()
            default: reports.yield("unknown command \(line)")
            }
        }
        await client?.close()
        reports.finish()
    }

    /// A call, and what it is given to send.
    private struct RunningCall {
        let messages: AsyncStream<[UInt8]>.Continuation
        let cancel: @Sendable () -> Void
    }

    private func start(_ words: [String], _ payload: [UInt8], _ client: Client) -> RunningCall {
        let name = words[1]
        // Other servers may have no use for the keys of writes, and each row says itself what is sent how often.
        var options = CallOptions(isJSON: words.contains("json"), isRepeatable: false, isBulk: false)
        if let word = words.first(where: { $0.hasPrefix("timeout=") }) {
            options.timeout = .nanoseconds(Int64(word.dropFirst(8)) ?? 0)
        }
        for word in words where word.hasPrefix("metadata=") {
            let pair = word.dropFirst(9).split(separator: "=", maxSplits: 1).map(String.init)
            options.metadata.append((pair[0], pair[1]))
        }
        let (messages, message) = AsyncStream.makeStream(of: [UInt8].self)
        let conversation = Conversation(client: client, name: name, payload: payload, options, messages, reports)
        let task = Task {
            do { try await conversation.run(words[2]) } catch { conversation.fail(error) }
        }
        return RunningCall(messages: message, cancel: { task.cancel() })
    }
}

/// One call of `OurClient`, from its request to its outcome.
private struct Conversation: Sendable {
    let client: Client
    let name: String
    let payload: [UInt8]
    let options: CallOptions
    let messages: AsyncStream<[UInt8]>
    let reports: AsyncStream<String>.Continuation

    init(
        client: Client, name: String, payload: [UInt8], _ options: CallOptions, _ messages: AsyncStream<[UInt8]>,
        _ reports: AsyncStream<String>.Continuation
    ) {
        (self.client, self.name, self.payload) = (client, name, payload)
        (self.options, self.messages, self.reports) = (options, messages, reports)
    }

    func run(_ method: String) async throws {
        switch method {
        case "Echo": try await unary(ConformanceService.echo)
        case "Fail": try await unary(ConformanceService.fail)
        case "Wait": try await unary(ConformanceService.wait)
        case "Look": try await unary(ConformanceService.look)
        case "Count": try await serverStream(ConformanceService.count)
        case "Sum": try await clientStream(ConformanceService.sum)
        case "Hold": try await clientStream(ConformanceService.hold)
        default: try await bothStreams(ConformanceService.chat)
        }
    }

    func fail(_ error: any Error) {
        switch error {
        case let status as Status:
            reports.yield("error \(name) \(status.code.rawValue) \(status.reason.isEmpty ? "-" : status.reason)")
        case is CancellationError: reports.yield("cancelled \(name)")
        default: reports.yield("broken \(name)")
        }
    }

    private func report(_ message: some Message) throws {
        let bytes: [UInt8] = try message.serializedBytes()
        reports.yield(bytes.isEmpty ? "message \(name)" : "message \(name) : \(hexText(bytes))")
    }

    private func unary<Request, Response>(_ method: Method<Request, Response>) async throws {
        try report(try await client.call(method, try Request(serializedBytes: payload), options))
    }

    private func serverStream<Request, Response>(_ method: Method<Request, Response>) async throws {
        let request = try Request(serializedBytes: payload)
        for try await message in try await client.serverStream(method, request, options) { try report(message) }
        reports.yield("end \(name)")
    }

    private func clientStream<Request, Response>(_ method: Method<Request, Response>) async throws {
        let answer = try await client.clientStream(method, options) { requests in
            for await message in messages { try await requests.send(try Request(serializedBytes: message)) }
        }
        try report(answer)
    }

    private func bothStreams<Request, Response>(_ method: Method<Request, Response>) async throws {
        let (requests, responses) = try await client.bothStreams(method, options)
        async let sending: Void = {
            // What goes wrong here is told to who reads.
            do {
                for await message in messages { try await requests.send(try Request(serializedBytes: message)) }
                if !Task.isCancelled { try await requests.finish() }
            } catch {}
        }()
        for try await message in responses { try report(message) }
        reports.yield("end \(name)")
        await sending
    }
}
