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
        let path = "\(method.service)/\(method.name)"
        guard environment.accesses.watches(path) else {
            return serve(method) { request, facts, call, host in
                call.respond(try handler(request, ReadCall(consume facts, db: host.reader)))
            }
        }
        return serve(method) { request, facts, call, host in
            let facts = facts
            respond(try handler(request, ReadCall(facts, db: host.reader)), recordedAs: path, facts, call, host)
        }
    }

    func write<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping @Sendable (Request, WriteCall) throws -> Response
    ) -> ServerMethod {
        let handler = recording(method, handler)
        let (store, effects) = (environment.store, environment.effects)
        let label = "\(method.service)/\(method.name)"
        let canValidateOnly = Request.self is any ValidatesOnly.Type
        return serve(method) { request, facts, call, host in
            let isValidateOnly = canValidateOnly && (request as? any ValidatesOnly)?.validateOnly == true
            if let key = try IdempotencyKey(of: call, by: facts.caller, to: label), !isValidateOnly {
                return try writeOnce(key, request, facts, call, host, handler)
            }
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

    /// As `write`, for a call with a key.
    private func writeOnce<Request: Message & Sendable, Response: Message & Sendable>(
        _ key: IdempotencyKey, _ request: Request, _ facts: CallFacts, _ call: ServerCall, _ host: LoopHost,
        _ handler: @escaping @Sendable (Request, WriteCall) throws -> Response
    ) throws {
        let fingerprint = try Fingerprint(of: request)
        let (answers, effects) = (environment.answers, environment.effects)
        let isSecret = environment.secretMethods.contains(key.method)
        let cancellation = call.cancellation
        let bound = LoopBound(call, on: call.connection.loop)
        environment.store.submit(key.method, deliver: host.sink, isWanted: { !cancellation.isCancelled }) { db in
            try answers.once(
                key, fingerprint, facts, in: db,
                encode: { isSecret ? nil : try $0.serializedBytes(partial: true) },
                { try handler(request, WriteCall(facts, db: db, effects: effects)) })
        } _: { (result: Result<KeptAnswers.Outcome<Response>, any Error>) in
            switch result {
            case .success(.made(let response)): bound.value.respond(response)
            case .success(.kept(let answer)): bound.value.respond(with: answer, as: Response.self)
            case .failure(let error): bound.value.fail(failure(error))
            }
        }
    }

    func wait<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, WaitCall) async throws -> Response
    ) -> ServerMethod {
        serve(method) { request, facts, call, host in
            var doors = doors(of: call, to: method, in: host)
            let isValidateOnly = (request as? any ValidatesOnly)?.validateOnly == true
            let keyed = isValidateOnly ? nil : try keyedWait(call, facts, method)
            if let keyed { doors = doors.keyed(keyed, encode: encoder(of: method)) }
            let (open, waiting) = (doors, WaitCall(facts, doors: doors))
            let then = facts
            answer(call, keyed) {
                try await open.take(request, then)
                return try await recorded(try await handler(request, waiting), of: method, waiting.facts)
            }
        }
    }

    /// Takes a call as far as its handler.
    private func serve<Request, Response>(
        _ method: Method<Request, Response>, _ kind: StreamingKind = .unary,
        _ handle: @escaping @Sendable (Request, consuming CallFacts, ServerCall, LoopHost) throws -> Void
    ) -> ServerMethod {
        let entrance = entrance(to: method)
        let resourceName = method.resourceName
        return ServerMethod(service: method.service, name: method.name, kind: kind) { call, payload in
            do {
                guard let credentials = call.connection.attachment as? ConnectionCredentials else { return }
                let admission = try entrance.admit(call, credentials)
                let request = try call.decode(Request.self, payload)
                try check(request)
                let host = credentials.host
                let facts = try admission.facts(
                    over: resourceName(request), now: host.batchInstant, language: call.language)
                try handle(request, facts, call, host)
            } catch {
                call.fail(failure(error))
            }
        }
    }

    private func entrance<Request, Response>(to method: Method<Request, Response>) -> Entrance {
        let path = "\(method.service)/\(method.name)"
        guard let rule = environment.rules[path] else { preconditionFailure("\(path) has no access rule") }
        return Entrance(path: path, rule: rule, environment)
    }

    private func doors<Request, Response>(
        of call: ServerCall, to method: Method<Request, Response>, in host: LoopHost
    ) -> CallDoors {
        CallDoors(environment, label: "\(method.service)/\(method.name)", of: call, in: host)
    }
}

// MARK: - Streams

extension Pipeline {
    func serverStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ServerStreamHandler<Request, Response, ModuleCalls>
    ) -> ServerMethod {
        let entrance = entrance(to: method)
        return serve(method, .server) { request, facts, call, host in
            _ = try refuseKey(call, method)
            let pass = StreamPass(facts, over: method.resourceName(request), of: call, through: entrance, in: host)
            let bound = LoopBound(pass, on: call.connection.loop)
            let before = recorder(of: method, bound, on: call.connection.loop)
            let responses = call.responses(Response.self, before: before) { _ = try bound.value.facts() }
            let waiting = WaitCall(facts, doors: doors(of: call, to: method, in: host).renewing(bound))
            host.streams.add(pass)
            call.runStream { try await failing { try await handler(request, responses, waiting) } }
        }
    }

    func clientStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ClientStreamHandler<Request, Response, ModuleCalls>
    ) -> ServerMethod {
        serveRequests(method, .client) { call, keyed, open in
            answer(call, keyed) {
                let (requests, _, waiting) = try await open()
                return try await recorded(try await handler(requests, waiting), of: method, waiting.facts)
            }
        }
    }

    func bothStreams<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping BothStreamsHandler<Request, Response, ModuleCalls>
    ) -> ServerMethod {
        serveRequests(method, .both) { call, _, open in
            let loop = call.connection.loop
            call.runStream {
                try await failing {
                    let (requests, pass, waiting) = try await open()
                    let before = recorder(of: method, pass, on: loop)
                    let responses = pass.value.responses(Response.self, before: before) { _ = try pass.value.facts() }
                    try await handler(requests, responses, waiting)
                }
            }
        }
    }

    private typealias Opening<Request: Message & Sendable> =
        @Sendable () async throws -> (RequestStream<Request>, LoopBound<StreamPass>, WaitCall)

    /// Takes a call whose client sends a stream as far as its first message, which says what the call is about.
    private func serveRequests<Request, Response>(
        _ method: Method<Request, Response>, _ kind: StreamingKind,
        _ start: @escaping @Sendable (ServerCall, LoopBound<KeyedWait>?, @escaping Opening<Request>) -> Void
    ) -> ServerMethod {
        let entrance = entrance(to: method)
        return ServerMethod(service: method.service, name: method.name, kind: kind) { call, _ in
            do {
                guard let credentials = call.connection.attachment as? ConnectionCredentials else { return }
                let host = credentials.host
                let facts = try entrance.admit(call, credentials).facts(
                    over: "", now: host.batchInstant, language: call.language)
                let pass = StreamPass(facts, over: "", of: call, through: entrance, in: host)
                let bound = LoopBound(pass, on: call.connection.loop)
                var doors = doors(of: call, to: method, in: host).renewing(bound)
                let keyed = try kind == .client ? keyedWait(call, facts, method) : refuseKey(call, method)
                if let keyed { doors = doors.keyed(keyed, encode: encoder(of: method)) }
                let requests = call.requests(Request.self) { request in
                    _ = try bound.value.facts()
                    try check(request)
                    try keyed?.value.fingerprint.add(request)
                }
                host.streams.add(pass)
                start(call, keyed) { [doors] in
                    if let first = try await requests.peek() { try bound.value.narrow(to: method.resourceName(first)) }
                    return (requests, bound, WaitCall(try bound.value.facts(), doors: doors))
                }
            } catch {
                call.fail(failure(error))
            }
        }
    }
}

// MARK: - Calls with a key

extension Pipeline {
    /// What a waiting call that writes is carried out once by; nil for one without a key.
    private func keyedWait<Request, Response>(
        _ call: ServerCall, _ facts: CallFacts, _ method: Method<Request, Response>
    ) throws(Status) -> LoopBound<KeyedWait>? {
        guard !method.isReadOnly,
            let key = try IdempotencyKey(of: call, by: facts.caller, to: "\(method.service)/\(method.name)")
        else { return nil }
        return LoopBound(KeyedWait(key), on: call.connection.loop)
    }

    /// A write that answers with a stream cannot be answered again.
    private func refuseKey<Request, Response>(
        _ call: ServerCall, _ method: Method<Request, Response>
    ) throws(Status) -> LoopBound<KeyedWait>? {
        guard method.isReadOnly || call.idempotencyKey == nil else { throw .idempotencyUnsupported }
        return nil
    }

    /// Encodes the answer that a waiting handler's write returns; what else it may return is not kept.
    private func encoder<Request, Response>(
        of method: Method<Request, Response>
    ) -> @Sendable (any Sendable) throws -> [UInt8]? {
        guard !environment.secretMethods.contains("\(method.service)/\(method.name)") else { return { _ in nil } }
        return { try ($0 as? Response)?.serializedBytes(partial: true) }
    }

    /// Runs a waiting handler and answers with what it gives, or with the answer of the first time.
    private func answer<Response: Message & Sendable>(
        _ call: ServerCall, _ keyed: LoopBound<KeyedWait>?, _ body: @escaping @Sendable () async throws -> Response
    ) {
        guard let keyed else { return call.run { try await failing(body) } }
        call.run { call in
            let result: Result<Response, any Error>
            do { result = .success(try await body()) } catch { result = .failure(failure(error)) }
            if let kept = keyed.value.kept {
                call.value.respond(with: kept, as: Response.self)
            } else {
                call.value.respond(try result.get())
            }
        }
    }
}

/// Runs a stream's handler; what it throws becomes what its caller is told.
private func failing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw failure(error) }
}

/// - Throws: INVALID_ARGUMENT naming each field that breaks a rule of its proto.
private func check(_ request: some Validated) throws {
    var violations = Violations()
    request.validate(&violations)
    try violations.throwIfAny()
}
