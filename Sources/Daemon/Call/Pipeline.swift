import EventLoop
import ModuleKit
import RPC
import Store

/// The life of a call (DESIGN §4) from the moment that its method, limits and deadline are known: authenticate,
/// authorise, decode, validate, handle, answer.
struct Pipeline: HandlerBinder {
    typealias Contexts = ModuleCalls

    let environment: CallEnvironment

    func read<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping @Sendable (Request, ReadCall) throws -> Response
    ) -> ServerMethod {
        serve(method) { request, facts, call, host in
            call.respond(try handler(request, ReadCall(facts, db: host.reader)))
        }
    }

    func write<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping @Sendable (Request, WriteCall) throws -> Response
    ) -> ServerMethod {
        let (store, effects) = (environment.store, environment.effects)
        let label = "\(method.service)/\(method.name)"
        let canValidateOnly = Request.self is any ValidatesOnly.Type
        return serve(method) { request, facts, call, host in
            let isValidateOnly = canValidateOnly && (request as? any ValidatesOnly)?.validateOnly == true
            let cancellation = call.cancellation
            let bound = LoopBound(call, on: call.connection.loop)
            store.submit(label, deliver: host.sink, isWanted: { !cancellation.isCancelled }) { transaction in
                try WriteOutcome(undo: isValidateOnly) {
                    try handler(request, WriteCall(facts, db: transaction, effects: effects))
                }
            } _: { result in
                switch WriteOutcome.result(result) {
                case .success(let response): bound.value.respond(response)
                case .failure(let error): bound.value.fail(failure(error))
                }
            }
        }
    }

    func wait<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, WaitCall) async throws -> Response
    ) -> ServerMethod {
        let doors = Doors(environment: environment, label: "\(method.service)/\(method.name)")
        return serve(method) { request, facts, call, _ in
            call.run {
                do { return try await handler(request, WaitCall(facts, doors: doors)) } catch { throw failure(error) }
            }
        }
    }

    /// Takes a call as far as its handler.
    private func serve<Request, Response>(
        _ method: Method<Request, Response>,
        _ handle: @escaping @Sendable (Request, CallFacts, ServerCall, LoopHost) throws -> Void
    ) -> ServerMethod {
        let path = "\(method.service)/\(method.name)"
        guard let rule = environment.rules[path] else { preconditionFailure("\(path) has no access rule") }
        let entrance = Entrance(method: method, path: path, rule: rule, environment: environment)
        return ServerMethod(service: method.service, name: method.name) { call, payload in
            do {
                guard let credentials = call.connection.attachment as? ConnectionCredentials else { return }
                let (request, facts) = try entrance.admit(call, payload, credentials)
                try handle(request, facts, call, credentials.host)
            } catch {
                call.fail(failure(error))
            }
        }
    }
}

/// The steps before the handler of one method.
private struct Entrance<Request: Message & Validated & Sendable, Response: Message & Sendable>: Sendable {
    let method: Method<Request, Response>
    let path: String
    let rule: AccessRule
    let environment: CallEnvironment

    func admit(
        _ call: ServerCall, _ payload: RawSpan, _ credentials: ConnectionCredentials
    ) throws -> (Request, CallFacts) {
        let now = environment.now()
        let caller = try environment.authenticator.caller(of: call, credentials, at: now)
        if case .bootstrap = caller.credential, path != IdentityHandlers.bootstrapTokenPath {
            throw Status.bootstrapOnly
        }
        try rule.admit(caller)
        let request = try call.decode(Request.self, payload)
        var violations = Violations()
        request.validate(&violations)
        try violations.throwIfAny()
        let standing = try rule.standing(of: caller, over: method.resourceName(request))
        let facts = CallFacts(
            caller: caller, standing: standing, now: now, language: call.language, method: path,
            pageTokens: environment.pageTokens)
        return (request, facts)
    }
}

/// How a waiting handler reaches the worker pool and the writer.
private struct Doors: WaitDoors {
    let environment: CallEnvironment
    let label: String

    func compute<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await environment.workers.run(work)
    }

    func write<Result: Sendable>(
        _ facts: CallFacts, validateOnly: Bool, _ body: @escaping @Sendable (WriteCall) throws -> Result
    ) async throws -> Result {
        let effects = environment.effects
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
}
