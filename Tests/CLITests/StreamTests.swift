import TestSupport
import Testing

@testable import CordeeCLI

@Suite("methods that stream, against a real socket", .timeLimit(.minutes(10)))
struct StreamTests {
    @Test("each message of the daemon is a line of JSON or a block, and then comes how the stream ended")
    func watch() async throws {
        try await FakeDaemon.run { daemon in
            let lines = try await Self.cordee(daemon, "cheeses", "watch-cheeses", "--json")
            #expect(lines.output == "{\"name\":\"a\"}\n{\"name\":\"b\"}\n")
            #expect(lines.exitCode == 69 && lines.errors.contains("Closed."))
            let blocks = try await Self.cordee(daemon, "cheeses", "watch-cheeses")
            let parts = blocks.output.split(separator: "\n\n")
            #expect(parts.count == 2 && parts.allSatisfy { $0.contains("name:") }, "\(blocks.output)")
        }
    }

    @Test("a file larger than 4 MiB goes in pieces, and the other fields with the first")
    func upload() async throws {
        try await FakeDaemon.run { daemon in
            let size = 5 << 20
            try daemon.folder.write(String(repeating: "x", count: size), to: "large")
            let result = try await Self.cordee(
                daemon, "cheeses", "upload-cheese", "--etag", "e", "--picture", "@\(daemon.folder.path)/large",
                "--json")
            let answer = try JSON(parsing: result.output)
            let sizes = (answer["name"]?.text ?? "").split(separator: " ").compactMap { Int($0) }
            #expect(sizes.count == 6 && sizes.reduce(0, +) == size, "\(result)")
            #expect(sizes.allSatisfy { $0 <= 1 << 20 })
            #expect(answer["etag"]?.text == "e - - - - -")
        }
    }

    @Test("several lines of JSON are a message each, in both directions")
    func lines() async throws {
        try await FakeDaemon.run { daemon in
            let data = "{\"name\":\"a\"}\n{\"name\":\"b\"}\n"
            let result = try await Self.cordee(daemon, "call", "Cheeses/EchoCheeses", "--json", "-d", data)
            #expect((result.exitCode, result.output, result.errors) == (0, data, ""))
            let unary = try await Self.cordee(daemon, "call", "Cheeses/GetCheese", "-d", data)
            #expect(unary.exitCode == 65)
        }
    }

    @Test("help says that a method streams")
    func help() async throws {
        try await FakeDaemon.run { daemon in
            let up = try await Self.cordee(daemon, "--lang", "fr", "cheeses", "upload-cheese", "--help")
            #expect(up.output.contains("Flux : des octets de plus de 1 Mio"))
            let down = try await Self.cordee(daemon, "cheeses", "watch-cheeses", "--help")
            #expect(down.output.contains("Streams: each answer"))
        }
    }

    private static func cordee(_ daemon: FakeDaemon, _ words: String...) async throws -> ClientProcess.Result {
        try await ClientProcess.run(
            words, environment: ["CORDEE_SOCKET": daemon.socket, "LANG": "en_CA.UTF-8"], in: daemon.folder)
    }
}
