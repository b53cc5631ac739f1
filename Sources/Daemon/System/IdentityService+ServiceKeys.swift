public import CordeeAPI
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
