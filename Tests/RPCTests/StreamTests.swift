import GoogleRPC
import RPC
import SwiftProtobuf
import Testing
import Wire

@Suite("Streams between our client and our server", .timeLimit(.minutes(10)))
struct StreamTests {
    @Test("a server's messages come in order, then the end", arguments: [1, 2], [0, 1, 31, 32, 33, 5_000])
    func serverStream(loops: Int, count: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            var received: [String] = []
            for try await note in try await client.serverStream(Streams.count, Note("\(count)")) {
                received.append(note.reason)
            }
            #expect(received == (0..<count).map { "\($0)" })
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
        }
    }

    @Test("a stream that fails gives what came before, then its status", arguments: [1, 2])
    func serverStreamFails(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            var answers = try await client.serverStream(Streams.count, Note("2", domain: "fail")).makeAsyncIterator()
            #expect(try await answers.next()?.reason == "0")
            #expect(try await answers.next()?.reason == "1")
            let status = await #expect(throws: Status.self) { try await answers.next() }
            #expect(status?.reason == "CAPACITY_FULL")
        }
    }

    @Test("a client's messages come in order, and are answered once", arguments: [1, 2], [0, 1, 500])
    func clientStream(loops: Int, count: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let answer = try await client.clientStream(Streams.join) { requests in
                for number in 0..<count { try await requests.send(Note("\(number)")) }
            }
            #expect(answer.reason == (0..<count).map { "\($0)" }.joined(separator: ","))
        }
    }

    @Test("a server that answers before the client has finished ends the stream", arguments: [1, 2])
    func earlyAnswer(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let status = await #expect(throws: Status.self) {
                try await client.clientStream(Streams.hurry) { requests in
                    while true { try await requests.send(Note("more")) }
                }
            }
            #expect(status?.reason == "CAPACITY_FULL")
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
        }
    }

    @Test("both ends send in turn, and the client closes first", arguments: [1, 2])
    func bothStreams(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let (requests, responses) = try await client.bothStreams(Streams.chat)
            var answers = responses.makeAsyncIterator()
            for number in 0..<100 {
                try await requests.send(Note("\(number)"))
                #expect(try await answers.next()?.reason == "re: \(number)")
            }
            try await requests.finish()
            #expect(try await answers.next() == nil)
        }
    }

    @Test("the server may close first: the client's stream is over then", arguments: [1, 2])
    func serverClosesFirst(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let (requests, responses) = try await client.bothStreams(Streams.greet)
            var answers = responses.makeAsyncIterator()
            #expect(try await answers.next()?.reason == "hello")
            #expect(try await answers.next() == nil)
            await #expect(throws: (any Error).self) { try await requests.send(Note("late")) }
        }
    }

    @Test("streams speak JSON too", arguments: [1, 2])
    func json(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let (requests, responses) = try await client.bothStreams(Streams.chat, CallOptions(isJSON: true))
            try await requests.send(Note("é"))
            try await requests.finish()
            var answers = responses.makeAsyncIterator()
            #expect(try await answers.next()?.reason == "re: é")
            #expect(try await answers.next() == nil)
        }
    }

    // MARK: Cancellation

    @Test("a stream that its reader drops is cancelled at the server", arguments: [1, 2])
    func dropped(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            do {
                var answers = try await client.serverStream(Streams.endless, Note()).makeAsyncIterator()
                _ = try await answers.next()
            }
            await test.gate.facts.wait(for: "endless over: CancellationError")
            await test.facts.wait(for: "Endless CANCELLED")
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
        }
    }

    @Test("cancelling a task cancels its call at the server, unary or stream", arguments: [1, 2])
    func cancelledTask(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            let unary = Task { try await client.call(Echo.later, Note("a")) }
            await test.gate.facts.wait(for: "entered")
            unary.cancel()
            await #expect(throws: CancellationError.self) { try await unary.value }
            await test.facts.wait(for: "Later CANCELLED")
            #expect(test.counter("cordee_rpc_calls_cancelled_total") == 1)

            let stream = Task {
                for try await _ in try await client.serverStream(Streams.endless, Note()) {}
            }
            stream.cancel()
            await #expect(throws: CancellationError.self) { try await stream.value }
            #expect(try await client.call(Echo.say, Note("a")).reason == "a")
        }
    }

    @Test("a deadline ends a stream at both ends", arguments: [1, 2])
    func deadline(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            // A busy machine may let the time pass before the handler begins: then once more, with more of it.
            var timeout = Duration.milliseconds(20)
            var count = 0
            while count == 0 {
                let options = CallOptions(timeout: timeout)
                let status = await #expect(throws: Status.self) {
                    for try await _ in try await client.serverStream(Streams.endless, Note(), options) { count += 1 }
                }
                #expect(status?.code == .deadlineExceeded)
                timeout = timeout * 4
            }
            await test.gate.facts.wait(for: "endless over: CancellationError")
        }
    }

    @Test("a closed connection cancels its streams", arguments: [1, 2])
    func closed(loops: Int) async throws {
        try await TestServer.run(loops: loops) { test in
            let client = try await test.connect()
            var answers = try await client.serverStream(Streams.endless, Note()).makeAsyncIterator()
            _ = try await answers.next()
            await client.close()
            await test.gate.facts.wait(for: "endless over: CancellationError")
            await #expect(throws: ClientError.closed) { while try await answers.next() != nil {} }
        }
    }
}
