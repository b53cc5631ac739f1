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
            call.respond(try handler(request, ReadCall(consume facts, db: host.reader)))
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
        _ handle: @escaping @Sendable (Request, consuming CallFacts, ServerCall, LoopHost) throws -> Void
    ) -> ServerMethod {
        let path = "\(method.service)/\(method.name)"
        guard let rule = environment.rules[path] else { preconditionFailure("\(path) has no access rule") }
        let entrance = Entrance(path: path, rule: rule, environment)
        let resourceName = method.resourceName
        return ServerMethod(service: method.service, name: method.name) { call, payload in
            do {
                guard let credentials = call.connection.attachment as? ConnectionCredentials else { return }
                let admission = try entrance.admit(call, credentials)
                let request = try call.decode(Request.self, payload)
                var violations = Violations()
                request.validate(&violations)
                try violations.throwIfAny()
                let host = credentials.host
                let facts = try admission.facts(
                    over: resourceName(request), now: host.batchInstant, language: call.language)
                try handle(request, facts, call, host)
            } catch {
                call.fail(failure(error))
            }
        }
    }
}

/// Who comes in to one method. Not generic over its messages, so that it costs no look-up of types at run time.
private final class Entrance: Sendable {
    private let path: String
    private let rule: AccessRule
    private let authenticator: Authenticator
    private let pageTokens: PageTokens

    init(path: String, rule: AccessRule, _ environment: CallEnvironment) {
        (self.path, self.rule) = (path, rule)
        (authenticator, pageTokens) = (environment.authenticator, environment.pageTokens)
    }

    /// Authenticates, and authorises as far as that needs no look at the request.
    func admit(_ call: ServerCall, _ credentials: ConnectionCredentials) throws -> Admission {
        let known = try authenticator.caller(of: call, credentials)
        if let last = known.admission, last.entrance == ObjectIdentifier(self) { return last.1 }
        if case .bootstrap = known.caller.credential, path != IdentityHandlers.bootstrapTokenPath {
            throw Status.bootstrapOnly
        }
        let admission = try Admission(of: known.caller, by: rule, to: path, pageTokens: pageTokens)
        known.admission = (ObjectIdentifier(self), admission)
        return admission
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
