public import CordeeAPI
public import ModuleKit
import RPC
import SwiftProtobuf

/// `cordee.system.v1.Identity`: the first lead of a board, and tokens.
struct IdentityHandlers: IdentityService {
    typealias Contexts = ModuleCalls

    /// How long the token of `Bootstrap` is good.
    static let bootstrapLife = Duration.seconds(3_600)

    /// The one method that a single-use token is good for.
    static let bootstrapTokenPath = "cordee.system.v1.Identity/CreateToken"

    private static let personPattern: ResourcePattern = "boards/{board}/people/{person}"

    /// Nil in a daemon without a directory: then there is nobody to make tokens for.
    let people: (any PeopleDirectory)?
    let mint: TokenMint
    let limits: TokenLimits

    func bootstrap(
        _ request: CordeeSystem_BootstrapRequest, _ call: WriteCall
    ) throws -> CordeeSystem_BootstrapResponse {
        let lead = FoundingLead(
            email: request.email, givenName: request.givenName, familyName: request.familyName)
        guard let people else { throw ContractMissing(contract: "people") }
        let founded = try people.found(boards: request.boards, lead: lead, in: call)
        let expiry = call.now + Self.bootstrapLife
        let token = try issue(.bootstrap, to: founded.lead, label: "bootstrap", until: expiry, call)
        call.accessChanged()
        return .with {
            $0.boards = founded.boards.map { BoardName(board: $0).description }
            $0.person = founded.lead.name
            $0.token = token.secret
            $0.expireTime = Google_Protobuf_Timestamp(expiry)
        }
    }

    func createToken(
        _ request: CordeeSystem_CreateTokenRequest, _ call: WriteCall
    ) throws -> CordeeSystem_CreateTokenResponse {
        if case .bootstrap(let token) = call.caller.credential {
            guard try TokenTable.use(token, at: call.now, in: call.db) else { throw Status.badToken }
            call.accessChanged()
        }
        let owner = try owner(request, call)
        let asked = request.hasExpireTime ? Timestamp(request.expireTime) : nil
        let expiry = try limits.end(asked: asked, at: call.now)
        let token = try issue(.access, to: owner, label: request.label, until: expiry, call)
        if owner.id == call.caller.person { try people?.signedIn(owner.id, of: owner.board, in: call) }
        return .with {
            $0.person = owner.name
            $0.token = token.secret
            $0.name = TokenName(board: owner.board, person: owner.id, token: token.id).description
            $0.expireTime = Google_Protobuf_Timestamp(expiry)
        }
    }

    func listTokens(
        _ request: CordeeSystem_ListTokensRequest, _ call: ReadCall
    ) throws -> CordeeSystem_ListTokensResponse {
        let owner = try owner(request.parent, call)
        let page = try call.page(request, of: owner.name, key: { PageKey(Int64(0), $0.name.token) }) { after, limit in
            try HeldToken.list(of: owner, at: call.now, after: after.id, limit: limit, in: call.db)
        }
        return .with {
            $0.tokens = page.items.map { CordeeSystem_Token($0) }
            $0.nextPageToken = page.nextToken
        }
    }

    func revokeToken(
        _ request: CordeeSystem_RevokeTokenRequest, _ call: WriteCall
    ) throws -> CordeeSystem_Token {
        var token = try call.find(HeldToken.self, request.name)
        let owner = PersonRef(board: token.name.board, person: token.name.person)
        guard try people?.state(of: owner.person, of: owner.board, in: call.db) != nil else {
            throw Status.notFound(request.name)
        }
        guard token.isGood(at: call.now) else { return CordeeSystem_Token(token) }
        try token.revoke(at: call.now, in: call.db)
        call.accessChanged()
        try call.emit(
            Event("system.token.revoked.v1", board: owner.board, subject: owner.name, person: owner.person))
        return CordeeSystem_Token(token)
    }

    func signIn(_ request: CordeeSystem_SignInRequest, _ call: WriteCall) throws -> CordeeSystem_SignInResponse {
        guard let person = call.caller.person, let board = call.caller.homeBoard else { throw Status.badToken }
        try people?.signedIn(person, of: board, in: call)
        return .with { $0.person = PersonRef(board: board, person: person).name }
    }

    /// Whose tokens are asked for: the caller's own if nobody is named.
    ///
    /// - Throws: NOT_FOUND for anybody whom the caller may not ask about, whether they exist or not.
    private func owner(_ name: String, _ call: ReadCall) throws -> PersonRef {
        if name.isEmpty, let person = call.caller.person, let board = call.caller.homeBoard {
            return PersonRef(board: board, person: person)
        }
        guard let owner = PersonRef(name: name),
            call.standing.covers(Belonging(board: owner.board, person: owner.person)),
            try people?.state(of: owner.person, of: owner.board, in: call.db) != nil
        else { throw Status.notFound(name) }
        return owner
    }

    /// Whose token is asked for: a person whom the caller may know and act for, else nobody that exists.
    private func owner(_ request: CordeeSystem_CreateTokenRequest, _ call: WriteCall) throws -> StaffMember {
        let unknown = Status.notFound(request.person.isEmpty ? request.email : request.person)
        let member: StaffMember?
        if !request.email.isEmpty {
            member = try people?.member(email: request.email, in: call.standing.boards, in: call.db)
        } else if !request.person.isEmpty {
            guard let ids = Self.personPattern.ids(in: request.person) else { throw unknown }
            member = try people?.member(ids[1], of: ids[0], in: call.db)
        } else if let person = call.caller.person, let board = call.caller.homeBoard {
            member = try people?.member(person, of: board, in: call.db)
        } else {
            member = nil
        }
        guard let member, call.standing.covers(board: member.board, person: member.id) else { throw unknown }
        return member
    }

    private func issue(
        _ kind: TokenTable.Kind, to member: StaffMember, label: String, until expiry: Timestamp, _ call: WriteCall
    ) throws -> (id: String, secret: String) {
        try limits.checkCount(try HeldToken.count(of: member.id, at: call.now, in: call.db))
        let (secret, hash) = mint.mint()
        let id = call.newID()
        try TokenTable.insert(
            id: id, hash: hash, person: member.id, kind: kind, label: label, at: call.now, expiresAt: expiry,
            in: call.db)
        try call.emit(
            Event("system.token.created.v1", board: member.board, subject: member.name, person: member.id))
        return (id, secret)
    }
}

extension CordeeSystem_ListTokensRequest: PagedRequest {}

extension HeldToken: Resource {
    var belonging: Belonging { Belonging(board: name.board, person: name.person) }
}
