public import CordeeAPI
@_spi(Daemon) public import ModuleKit
import RPC
import SwiftProtobuf

extension CordeeSystem_ListTokensRequest: PagedRequest {}

// Tokens of people: listed, ended, and the first use of one.
extension IdentityHandlers {
    func listTokens(
        _ request: CordeeSystem_ListTokensRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListTokensResponse {
        let owner = try person(request.parent, call)
        let page = try call.page(request, of: owner.name, key: { PageKey(Int64(0), $0.name.token) }) { after, limit in
            try AccessToken.list(of: owner.id, at: call.now, after: after.id, limit: limit, in: call.db)
        }
        return .with {
            $0.tokens = page.items.map { CordeeSystem_Token($0) }
            $0.nextPageToken = page.nextToken
        }
    }

    func revokeToken(_ request: CordeeSystem_RevokeTokenRequest, _ call: WriteCall) throws -> CordeeSystem_Token {
        var token = try call.find(AccessToken.self, request.name)
        guard token.revokedAt == nil else { return CordeeSystem_Token(token) }
        try token.revoke(at: call.now, in: call.db)
        call.accessChanged()
        try call.emit(
            Event(
                "system.token.revoked.v1", board: token.name.board, subject: token.name.description,
                person: token.name.person))
        return CordeeSystem_Token(token)
    }

    func signIn(_ request: CordeeSystem_SignInRequest, _ call: WriteCall) throws -> CordeeSystem_Caller {
        if let person = call.caller.person { try people?.signedIn(person, in: call) }
        return CordeeSystem_Caller(call.caller)
    }

    /// Whose tokens are asked for.
    private func person(_ name: String, _ call: ReadCall) throws -> StaffMember {
        let ids = name.isEmpty ? nil : PersonRef(name: name)
        guard let id = name.isEmpty ? call.caller.person : ids?.person,
            let board = name.isEmpty ? call.caller.homeBoard : ids?.board,
            let member = try people?.member(id, of: board, in: call.db),
            call.standing.covers(board: board, person: id)
        else { throw Status.notFound(name) }
        return member
    }
}

extension CordeeSystem_Caller {
    init(_ caller: Caller) {
        self = .with {
            $0.displayName = caller.displayName
            switch caller.kind {
            case .person(let id, let board): $0.person = PersonRef(board: board, person: id).name
            case .service(let id, let board):
                $0.serviceKey = ServiceKeyName(board: board, serviceKey: id).description
            case .operator: $0.roles = [.with { $0.role = .operator }]
            case .nobody: break
            }
            $0.roles += caller.roles.map { held in
                .with {
                    $0.role = held.role
                    $0.scope = "boards/\(held.board)" + (held.org.map { "/orgs/\($0)" } ?? "")
                }
            }
        }
    }
}
