import EchoAPI
import SwiftProtobuf

/// What it costs to know who calls and whether they may: the same echo to a person of the board that the request names,
/// by token, and to anyone, without one.
struct AccessBenchmark {
    let scene: Scene
    let server: ServerUnderTest
    let isQuick: Bool

    private static let shape = Shape(connections: 1, inFlight: 64)

    func run() throws {
        let text = String(repeating: "a", count: 40)
        var (staff, anyone) = (EncodedCalls(), EncodedCalls())
        try staff.append(
            EchoMethods.echoToStaff, .with { ($0.parent, $0.text) = (scene.board, text) }, token: scene.token)
        try anyone.append(EchoMethods.echoToAnyone, .with { ($0.about, $0.text) = (scene.board, text) }, token: nil)
        let count = isQuick ? 30_000 : 120_000
        var (known, unknown, added): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<(isQuick ? 7 : 21) {
            let open = try Load.run(anyone, to: server, Self.shape, warmUp: count / 10, count: count).cpuMicroseconds
            let closed = try Load.run(staff, to: server, Self.shape, warmUp: count / 10, count: count).cpuMicroseconds
            known.append(closed)
            unknown.append(open)
            added.append(closed - open)
        }
        say("authentication and authorisation, 1×64, server CPU µs per call (goal: at most 1 more)")
        say(
            "  to anyone \(Spread(unknown))   to staff of the board, by token \(Spread(known))   added \(Spread(added))"
        )
    }
}
