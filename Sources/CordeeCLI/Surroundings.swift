public import RPC

/// What the process finds around it: its environment variables, read once.
public struct Surroundings: Sendable {
    private let variables: [String: String]

    public init(_ variables: [String: String]) { self.variables = variables }

    /// A variable that is set and not empty.
    subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The language of the locale, French for one that Cordée does not speak; POSIX: LC_ALL goes before LC_MESSAGES, and
    /// that before LANG.
    public var language: Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let locale = self[name] { return Language.lookup(acceptLanguage: locale) }
        }
        return .fr
    }

    /// Where the daemon listens unless an option says otherwise.
    static let defaultSocket = "/run/cordee/cordee.sock"

    func socket(_ options: GlobalOptions) -> String {
        options.socket ?? self["CORDEE_SOCKET"] ?? Self.defaultSocket
    }

    /// Whom to trust over TLS, and what to show: options, else the environment.
    func trust(_ options: GlobalOptions) -> TrustFiles {
        TrustFiles(
            authorities: options.trust.authorities ?? self["CORDEE_TLS_CA"],
            certificate: options.trust.certificate ?? self["CORDEE_TLS_CERTIFICATE"],
            key: options.trust.key ?? self["CORDEE_TLS_KEY"])
    }

    /// The bearer token, if there is one: a file of the options, a file of the environment, the environment, what
    /// `cordee login` kept. It is never
    /// an argument, since those are seen by all users of a machine.
    func token(_ options: GlobalOptions) throws(Failure) -> String? {
        guard let path = options.tokenFile ?? self["CORDEE_TOKEN_FILE"] else {
            if let token = self["CORDEE_TOKEN"] { return token }
            guard let path = credentialsPath, CredentialsFile(path: path).exists else { return nil }
            return try token(in: path)
        }
        return try token(in: path)
    }

    /// Where `cordee login` keeps its token (XDG base directories); nil without a home.
    var credentialsPath: String? {
        (self["XDG_CONFIG_HOME"] ?? self["HOME"].map { $0 + "/.config" }).map { $0 + "/cordee/credentials" }
    }

    private func token(in path: String) throws(Failure) -> String {
        let bytes = try ArgumentFiles.content(of: path)
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, line.count <= 4096, line.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .value(Texts.noToken(path))
        }
        return String(decoding: line, as: UTF8.self)
    }
}
