import EventLoop
import ModuleKit
import RPC
import Store
import SwiftProtobuf

// Methods whose answers show other people's data: the answer waits until its record is durable (DESIGN §6).
extension Pipeline {
    /// As `read`. Who sees only their own data is answered at once.
    func respond<Response: Message & Sendable>(
        _ answer: Response, recordedAs method: String, _ facts: CallFacts, _ call: ServerCall, _ host: LoopHost
    ) {
        let accesses = environment.accesses
        let people = accesses.people(in: answer, for: facts.caller)
        guard !people.isEmpty else { return call.respond(answer) }
        let cancellation = call.cancellation
        let bound = LoopBound(call, on: call.connection.loop)
        environment.store.submit(method, deliver: host.sink, isWanted: { !cancellation.isCancelled }) { db in
            try accesses.record(people, by: facts.caller, method: method, at: facts.now, in: db)
        } _: { result in
            switch result {
            case .success: bound.value.respond(answer)
            case .failure(let error): bound.value.fail(accesses.refusal(error))
            }
        }
    }

    /// A write's handler with the record in the same write.
    func recording<Request, Response: Message>(
        _ method: Method<Request, Response>, _ handler: @escaping @Sendable (Request, WriteCall) throws -> Response
    ) -> @Sendable (Request, WriteCall) throws -> Response {
        let path = "\(method.service)/\(method.name)"
        let accesses = environment.accesses
        guard accesses.watches(path) else { return handler }
        return { request, call in
            let answer = try handler(request, call)
            let people = accesses.people(in: answer, for: call.caller)
            try accesses.record(people, by: call.caller, method: path, at: call.now, in: call.db)
            return answer
        }
    }

    /// A waiting handler's answer, once the record is durable: it has a write of its own, after the handler's.
    func recorded<Request, Response: Message>(
        _ answer: Response, of method: Method<Request, Response>, _ facts: CallFacts
    ) async throws -> Response {
        let path = "\(method.service)/\(method.name)"
        if environment.accesses.watches(path) {
            try await environment.record(environment.accesses.people(in: answer, for: facts.caller), as: path, facts)
        }
        return answer
    }

    /// What is done before messages of a stream leave: whom they show, and the stream has not shown before, is
    /// recorded. Nil for a method whose messages show nobody else.
    func recorder<Request, Response: Message & Sendable>(
        of method: Method<Request, Response>, _ pass: LoopBound<StreamPass>, on loop: EventLoop
    ) -> (@Sendable ([Response]) async throws -> Void)? {
        let path = "\(method.service)/\(method.name)"
        guard environment.accesses.watches(path) else { return nil }
        let environment = environment
        let shown = LoopBound(ShownPeople(), on: loop)
        return { messages in
            let facts = try pass.value.facts()
            var people: Set<PersonRef> = []
            for message in messages { people.formUnion(environment.accesses.people(in: message, for: facts.caller)) }
            people.subtract(shown.value.people)
            try await environment.record(people, as: path, facts)
            shown.value.add(people)
        }
    }
}

extension CallEnvironment {
    fileprivate func record(_ people: Set<PersonRef>, as method: String, _ facts: CallFacts) async throws {
        guard !people.isEmpty else { return }
        let accesses = accesses
        do {
            try await store.write(method) { db in
                try accesses.record(people, by: facts.caller, method: method, at: facts.now, in: db)
            }
        } catch {
            throw accesses.refusal(error)
        }
    }
}

/// Whom a stream has shown already. On its loop.
private final class ShownPeople {
    /// Beyond it people are recorded again rather than held.
    private static let countMax = 10_000

    private(set) var people: Set<PersonRef> = []

    func add(_ more: Set<PersonRef>) {
        if people.count + more.count > Self.countMax { people = [] }
        people.formUnion(more)
    }
}
