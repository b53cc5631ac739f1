public import CordeeAPI
import Metrics
public import ModuleKit
import RPC
import SwiftProtobuf

extension CordeeSystem_ListServiceKeysRequest: PagedRequest {}

// Keys of programs.
extension IdentityHandlers {
    func createServiceKey(
        _ request: CordeeSystem_CreateServiceKeyRequest, _ call: WriteCall
    ) throws -> CordeeSystem_CreateServiceKeyResponse {
        let board = try call.board(request.parent)
        guard call.standing.covers(board: board) else { throw Status.notFound(request.parent) }
        let closed = request.methods.enumerated().filter { !serviceMethods.contains($0.element) }
        guard closed.isEmpty else { throw Status.notForServices(at: closed.map(\.offset)) }
        let expiry = try life.end(asked: request.hasExpireTime ? Timestamp(request.expireTime) : nil, at: call.now)
        let good = try ServiceKeyRecord.list(board: board, at: call.now, after: "", limit: life.countMax, in: call.db)
        try life.check(good.count)
        let (secret, hash) = tokens.mint()
        let key = ServiceKeyRecord(
            name: ServiceKeyName(board: board, serviceKey: call.newID()), label: request.label,
            methods: Set(request.methods).sorted(), createdAt: call.now, expiresAt: expiry)
        try key.insert(hash: hash, by: call.caller.person, in: call.db)
        try call.emit(Event("system.service_key.created.v1", about: key))
        return .with {
            $0.serviceKey = CordeeSystem_ServiceKey(key)
            $0.token = secret
        }
    }

    func listServiceKeys(
        _ request: CordeeSystem_ListServiceKeysRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListServiceKeysResponse {
        let page = try call.page(request, key: { PageKey(Int64(0), $0.name.serviceKey) }) { board, after, limit in
            try ServiceKeyRecord.list(board: board, at: call.now, after: after.id, limit: limit, in: call.db)
        }
        return .with {
            $0.serviceKeys = page.items.map { CordeeSystem_ServiceKey($0) }
            $0.nextPageToken = page.nextToken
        }
    }

    func revokeServiceKey(
        _ request: CordeeSystem_RevokeServiceKeyRequest, _ call: WriteCall
    ) throws -> CordeeSystem_ServiceKey {
        var key = try call.find(ServiceKeyRecord.self, request.name)
        guard call.standing.covers(key.belonging) else { throw Status.forbidden }
        guard key.revokedAt == nil else { return CordeeSystem_ServiceKey(key) }
        try key.revoke(at: call.now, in: call.db)
        call.accessChanged()
        try call.emit(Event("system.service_key.revoked.v1", about: key))
        return CordeeSystem_ServiceKey(key)
    }
}

/// How long tokens and keys are good, and how many of one owner.
struct TokenLife: Sendable {
    var standard: Duration
    var longest: Duration
    var countMax: Int
    private let refused: Counter

    init(standard: Duration, longest: Duration, countMax: Int, metrics: MetricsRegistry) {
        (self.standard, self.longest, self.countMax) = (standard, longest, countMax)
        refused = metrics.counter("cordee_tokens_refused_total", "Tokens that were not made: their owner has too many.")
    }

    /// - Parameter count: how many of the owner are good.
    /// - Throws: RESOURCE_EXHAUSTED if that is the most.
    func check(_ count: Int) throws(Status) {
        guard count >= countMax else { return }
        refused.add()
        throw .tooManyTokens
    }

    /// When one ends that is made now.
    ///
    /// - Throws: INVALID_ARGUMENT for an end that is not in the future, or too far in it.
    func end(asked: Timestamp?, at now: Timestamp) throws(Status) -> Timestamp {
        guard let asked else { return now + min(standard, longest) }
        guard asked > now else {
            throw .badField(
                "expire_time", "NOT_IN_FUTURE", fr: "La fin doit être dans le futur.",
                en: "The end must be in the future.")
        }
        guard asked <= now + longest else {
            throw .badField(
                "expire_time", "TOO_FAR", fr: "La fin est trop éloignée.", en: "The end is too far away.")
        }
        return asked
    }
}

extension Status {
    static let tooManyTokens = Status(
        .resourceExhausted, "TOO_MANY_TOKENS",
        fr: "Il y a déjà trop de jetons valides : révoquez-en d'abord.",
        en: "There are too many good tokens already: revoke some first.")

    static func notForServices(at indices: [Int]) -> Status {
        Status(
            .invalidArgument, "BAD_REQUEST",
            fr: "Une méthode n'est pas ouverte aux programmes.", en: "A method is not open to programs.",
            violations: indices.map {
                FieldViolation(
                    field: "methods[\($0)]", reason: "NOT_FOR_SERVICES",
                    fr: "Cette méthode n'est pas ouverte aux programmes.", en: "This method is not open to programs.")
            })
    }
}
