/// The metadata that a client sends alike with each call, kept once per connection: who calls, and in which language.
///
/// A call refers to the set that it came with; a new set is made only when a value differs from the last call's, so the
/// usual call compares some bytes and allocates nothing.
final class HeaderSet: Sendable {
    /// The raw value of `authorization`; empty if there was none.
    let authorization: [UInt8]
    /// Differs from that of any other value the connection has sent lately; 0 for none.
    let authorizationID: UInt64
    /// The raw value of `accept-language`; empty if there was none.
    let acceptLanguage: [UInt8]
    let language: Language

    static let none = HeaderSet(authorization: [], authorizationID: 0, acceptLanguage: [])

    init(authorization: [UInt8], authorizationID: UInt64, acceptLanguage: [UInt8]) {
        self.authorization = authorization
        self.authorizationID = authorizationID
        self.acceptLanguage = acceptLanguage
        language = Language.lookup(acceptLanguage: String(decoding: acceptLanguage, as: UTF8.self))
    }

    /// This set if the values are its own, else a new one.
    func with(authorization: RawSpan, acceptLanguage: RawSpan, nextID: inout UInt64) -> HeaderSet {
        let (lastAuthorization, lastLanguage) = (self.authorization, self.acceptLanguage)
        let isSameCaller = authorization.equals(lastAuthorization.span.bytes)
        if isSameCaller && acceptLanguage.equals(lastLanguage.span.bytes) { return self }
        if authorization.isEmpty && acceptLanguage.isEmpty { return .none }
        if !isSameCaller { nextID += 1 }
        let id = authorization.isEmpty ? 0 : isSameCaller ? authorizationID : nextID
        return HeaderSet(
            authorization: [UInt8](copying: authorization), authorizationID: id,
            acceptLanguage: [UInt8](copying: acceptLanguage))
    }
}

extension [UInt8] {
    init(copying bytes: RawSpan) { self = bytes.withUnsafeBytes { Array($0) } }
}
