/// How the bytes that we send are cut into writes.
enum Cutting: Sendable, CaseIterable {
    /// What is sent before the next thing is expected, in one piece.
    case together
    /// Each byte by itself.
    case bytewise
}

/// An exchange did not go as its row says.
struct Mismatch: Error, CustomStringConvertible {
    let row: String
    let step: Int
    let description: String

    init(_ row: Row, _ step: Int, _ what: String) {
        (self.row, self.step) = (row.name, step)
        description = "\(row.name), step \(step + 1) of \(row.steps.count): \(what)"
    }
}

/// What a step found.
private struct Wrong: Error { let what: String }

/// Plays one row; on a thread of its own, since it waits.
struct RowRunner {
    /// Asked last of a server: that it answers this, and nothing before, shows that the row left nothing behind.
    private static let probe =
        "00000032 7ffffffd 01 00 0a21 'cordee.conformance.v1.Conformance' 1204 'Echo' 1a07 0a05 'probe'"

    let row: Row
    let cutting: Cutting
    let socket: RawSocket
    /// Nil when a server is under test.
    var client: ClientUnderTest?

    /// - Parameter path: where the server under test listens.
    static func run(_ row: Row, _ cutting: Cutting, againstServerAt path: String) throws {
        let runner = RowRunner(row: row, cutting: cutting, socket: try .connect(to: path))
        try runner.run()
        if !row.endsThere { try runner.probeServer() }
    }

    /// - Parameter listener: where the client has been told to connect to.
    static func run(_ row: Row, _ cutting: Cutting, against client: ClientUnderTest, _ listener: RawSocket) throws {
        let runner = RowRunner(row: row, cutting: cutting, socket: try listener.accept(), client: client)
        try runner.run()
        if !row.endsThere { try runner.probeClient() }
    }

    private func run() throws {
        var outbound: [[UInt8]] = []
        for (number, step) in row.steps.enumerated() {
            if case .send(let bytes) = step {
                outbound += bytes.pieces
                continue
            }
            try send(&outbound)
            do {
                try play(step)
            } catch let wrong as Wrong {
                throw Mismatch(row, number, wrong.what)
            } catch {
                throw Mismatch(row, number, "\(step): \(error)")
            }
        }
        try send(&outbound)
    }

    private func play(_ step: Row.Step) throws {
        switch step {
        case .send: break
        case .receive(let expected): try receive(expected)
        case .deaf: try socket.waitForHangUp()
        case .closed: while try socket.frame() != nil {}
        case .close: socket.shut()
        case .tell(let command): try client?.tell(command)
        case .outcome(let call, let expected):
            let outcome = try client?.outcome(of: call) ?? "nobody to ask"
            let isGood =
                expected == "fails \(call)"
                ? outcome.hasPrefix("error ") || outcome.hasPrefix("broken ") : outcome == expected
            guard isGood else {
                throw Wrong(what: "expected the outcome “\(expected.prefix(300))”, is “\(outcome.prefix(300))”")
            }
        }
    }

    private func receive(_ expected: [Expected]) throws {
        var missing = expected
        while !missing.isEmpty {
            guard let frame = try socket.frame() else {
                throw Wrong(what: "the connection was closed; missing: \(missing)")
            }
            guard let index = missing.firstIndex(where: { $0.matches(frame) }) else {
                throw Wrong(what: "expected \(missing), got \(frame)")
            }
            missing.remove(at: index)
        }
    }

    private func send(_ pieces: inout [[UInt8]]) throws {
        defer { pieces = [] }
        switch cutting {
        case .together: try socket.write(joined(pieces))
        case .bytewise: for piece in pieces { try socket.write(piece) }
        }
    }

    // MARK: At the end

    private func probeServer() throws {
        try socket.write(try WireBytes(Self.probe).all)
        let answer = try WireBytes("00000009 7ffffffd 02 00 1207 0a05 'probe'")
        guard let frame = try socket.frame() else { throw Mismatch(row, row.steps.count, "the connection was closed") }
        guard frame.bytes == answer.all else { throw Mismatch(row, row.steps.count, "nothing more expected: \(frame)") }
    }

    private func probeClient() throws {
        try client?.tell("call probe Echo : 0a0570726f6265")
        guard let frame = try socket.frame() else { throw Mismatch(row, row.steps.count, "the connection was closed") }
        let payload = try WireBytes("0a05 'probe'").all
        guard frame.type == 1, Fields(frame.data)?.bytes(3) == payload else {
            throw Mismatch(row, row.steps.count, "nothing more expected: \(frame)")
        }
        let id = hexText(Array(frame.bytes[4..<8]))
        try socket.write(try WireBytes("00000009 \(id) 02 00 1207 0a05 'probe'").all)
        let outcome = try client?.outcome(of: "probe")
        guard outcome == "message probe : 0a0570726f6265" else {
            throw Mismatch(row, row.steps.count, "the client fails after the row: \(outcome ?? "")")
        }
    }
}
