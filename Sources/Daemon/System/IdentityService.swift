import CordeeAPI
import ModuleKit
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
    let tokens: TokenMint
    let life: TokenLife
    /// The paths of the methods that a program may be let in to.
    let serviceMethods: Set<String>

    func bootstrap(
        _ request: CordeeSystem_BootstrapRequest, _ call: WriteCall
    ) throws -> CordeeSystem_BootstrapResponse {
        let lead = FoundingLead(
            email: request.email, givenName: request.givenName, familyName: request.familyName)
        guard let people else { throw ContractMissing(contract: "people") }
        let founded = try people.found(boards: request.boards, lead: lead, in: call)
        let expiry = call.now + Self.bootstrapLife
        let secret = try issue(.bootstrap, to: founded.lead, label: "bootstrap", until: expiry, call).secret
        call.accessChanged()
        return .with {
            $0.boards = founded.boards.map { BoardName(board: $0).description }
            $0.person = founded.lead.name
            $0.token = secret
            $0.expireTime = Google_Protobuf_Timestamp(expiry)
        }
    }

    func createToken(
        _ request: CordeeSystem_CreateTokenRequest, _ call: WriteCall
    ) throws -> CordeeSystem_CreateTokenResponse {
        if case .bootstrap(let token) = call.caller.credential {
            guard try TokenTable.use(token, at: call.now, in: call.db) else { throw Status.unauthenticated }
            call.accessChanged()
            if let person = call.caller.person { try people?.signedIn(person, in: call) }
        }
        let owner = try owner(request, call)
        let expiry = try life.end(asked: request.hasExpireTime ? Timestamp(request.expireTime) : nil, at: call.now)
        try life.check(TokenTable.goodCount(of: owner.id, at: call.now, in: call.db))
        let (name, secret) = try issue(.access, to: owner, label: request.label, until: expiry, call)
        return .with {
            $0.person = owner.name
            $0.token = secret
            $0.name = name.description
            $0.expireTime = Google_Protobuf_Timestamp(expiry)
        }
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
    ) throws -> (name: TokenName, secret: String) {
        let (secret, hash) = tokens.mint()
        let name = TokenName(board: member.board, person: member.id, token: call.newID())
        try TokenTable.insert(name, hash: hash, kind: kind, label: label, at: call.now, expiresAt: expiry, in: call.db)
        try call.emit(
            Event(
                "system.token.created.v1", board: member.board, subject: name.description, person: member.id))
        return (name, secret)
    }
}
