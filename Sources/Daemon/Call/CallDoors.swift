import EventLoop
import ModuleKit
import RPC
import Store

/// How a waiting handler reaches the worker pool, the writer and its loop's reader.
struct CallDoors: WaitDoors {
    private let environment: CallEnvironment
    private let label: String
    private let call: LoopBound<ServerCall>
    private let host: LoopBound<LoopHost>
    /// Of a stream: its caller's right is looked at again each time.
    private var pass: LoopBound<StreamPass>?

    init(_ environment: CallEnvironment, label: String, of call: ServerCall, in host: LoopHost) {
        (self.environment, self.label) = (environment, label)
        let loop = call.connection.loop
        (self.call, self.host) = (LoopBound(call, on: loop), LoopBound(host, on: loop))
    }

    /// The same doors for a stream.
    func renewing(_ pass: LoopBound<StreamPass>) -> CallDoors {
        var doors = self
        doors.pass = pass
        return doors
    }

    func compute<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await environment.workers.run(work)
    }

    func read<Result>(_ facts: CallFacts, _ body: (ReadCall) throws -> Result) throws -> Result {
        let host = host.value
        return try host.moment {
            try body(ReadCall(try pass?.value.facts() ?? facts, db: host.reader))
        }
    }

    func report<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (ReadCall) throws -> Result
    ) async throws -> Result {
        let facts = try pass?.value.facts() ?? facts
        return try await environment.store.report(timeLimit: environment.reportTimeLimit) { reader in
            try body(ReadCall(facts, db: reader))
        }
    }

    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        let effects = environment.effects
        let facts = try pass?.value.facts() ?? facts
        do {
            return try await environment.store.write(label) { transaction in
                try WriteOutcome(undo: validateOnly) {
                    try body(WriteCall(facts, db: transaction, effects: effects))
                }
            }.value
        } catch let undone as Undone<Result> {
            return undone.value
        }
    }

    func pause(for duration: Duration) async throws { try await call.pause(for: duration) }
}
