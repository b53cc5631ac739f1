import EventLoop
import ModuleKit
import RPC
import Store
import SwiftProtobuf

/// How a waiting handler reaches the worker pool, the writer and its loop's reader.
struct CallDoors: WaitDoors {
    private let environment: CallEnvironment
    private let label: String
    private let call: LoopBound<ServerCall>
    private let host: LoopBound<LoopHost>
    /// Of a stream: its caller's right is looked at again each time.
    private var pass: LoopBound<StreamPass>?
    /// Of a call with a key: how its answer is encoded, nil for what is not its answer.
    private var keyed: (call: LoopBound<KeyedWait>, encode: @Sendable (any Sendable) throws -> [UInt8]?)?

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

    /// The same doors for a call with a key: its write is carried out once.
    func keyed(
        _ call: LoopBound<KeyedWait>, encode: @escaping @Sendable (any Sendable) throws -> [UInt8]?
    ) -> CallDoors {
        var doors = self
        doors.keyed = (call, encode)
        return doors
    }

    /// Takes the request of a unary call, and ends its handler before it begins if it was carried out before.
    func take(_ request: some SwiftProtobuf.Message & Sendable, _ facts: CallFacts) async throws {
        guard let keyed = keyed?.call else { return }
        // Beside the loop: a roster is megabytes.
        let fingerprint = try await compute { try Fingerprint(of: request) }
        keyed.value.fingerprint = fingerprint
        let key = keyed.value.key
        let host = host.value
        keyed.value.kept = try host.moment {
            try environment.answers.answer(to: key, fingerprint, facts, in: host.reader)
        }
        if keyed.value.kept != nil { throw CarriedOutBefore() }
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
        return try await environment.store.report { reader in
            try body(ReadCall(facts, db: reader))
        }
    }

    func stage<Result: Sendable>(
        _ facts: CallFacts, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        let effects = environment.effects
        let facts = try pass?.value.facts() ?? facts
        return try await environment.store.write(label) { transaction in
            try body(WriteCall(facts, db: transaction, effects: effects))
        }
    }

    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        let effects = environment.effects
        let facts = try pass?.value.facts() ?? facts
        if !validateOnly, let keyed, let claim = keyed.call.value.takeClaim() {
            return try await write(facts, as: claim, of: keyed.call, keyed.encode, body)
        }
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

    private func write<Result: Sendable>(
        _ facts: CallFacts, as claim: (key: IdempotencyKey, fingerprint: Fingerprint), of call: LoopBound<KeyedWait>,
        _ encode: @escaping @Sendable (any Sendable) throws -> [UInt8]?,
        _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        let (answers, effects) = (environment.answers, environment.effects)
        let outcome = try await environment.store.write(label) { transaction in
            try answers.once(claim.key, claim.fingerprint, facts, in: transaction, encode: { try encode($0) }) {
                try body(WriteCall(facts, db: transaction, effects: effects))
            }
        }
        switch outcome {
        case .made(let result): return result
        case .kept(let answer):
            call.value.kept = answer
            throw CarriedOutBefore()
        }
    }

    func pause(for duration: Duration) async throws { try await call.pause(for: duration) }
}
