import ModuleKit
import RPC

/// Who comes in to one method. Not generic over its messages, so that it costs no look-up of types at run time.
final class Entrance: Sendable {
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
        if let methods = known.caller.methods, !methods.contains(path), !rule.isForAnyone { throw Status.forbidden }
        let admission = try Admission(of: known.caller, by: rule, to: path, pageTokens: pageTokens)
        known.admission = (ObjectIdentifier(self), admission)
        return admission
    }
}
