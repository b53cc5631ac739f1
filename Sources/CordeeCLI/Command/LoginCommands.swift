import RPC

/// `cordee login` and `cordee logout`: the token that calls are made with when nothing else names one.
enum LoginCommands {
    private static let identity = "cordee.system.v1.Identity"

    /// Takes a token from a file or the standard input, has the daemon look at it, and keeps it.
    ///
    /// A single-use token is made into a real one.
    static func login(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        try refuse(arguments)
        guard let path = context.surroundings.credentialsPath else { throw .here(.invalidArgument, Texts.noHome) }
        let given =
            if context.options.tokenFile != nil {
                try context.surroundings.token(context.options) ?? ""
            } else {
                try SecretInput.read(prompt: Texts.loginPrompt[context.console.language])
            }
        let connection = try await context.connectAs(given)
        let signedIn: (person: String, token: String)
        do throws(Failure) {
            signedIn = try await signIn(given, connection)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
        try CredentialsFile(path: path).store(signedIn.token)
        context.console.tell(Texts.loggedIn(signedIn.person, path))
        return .success
    }

    static func logout(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        try refuse(arguments)
        guard let path = context.surroundings.credentialsPath else { throw .here(.invalidArgument, Texts.noHome) }
        try CredentialsFile(path: path).remove()
        context.console.tell(Texts.loggedOut)
        return .success
    }

    private static func refuse(_ arguments: [String]) throws(Failure) {
        // What stands there may be a secret: it is not repeated.
        guard arguments.isEmpty else { throw .usage(Texts.loginTakesNothing) }
    }

    private static func signIn(
        _ given: String, _ connection: any Connection
    ) async throws(Failure) -> (person: String, token: String) {
        do throws(Failure) {
            let answer = try await ask("SignIn", "{}", connection)
            return (answer["person"]?.text ?? "", given)
        } catch .refused(let status) where status.reason == "BOOTSTRAP_TOKEN" {
            let made = try await ask("CreateToken", #"{"label":"cordee login"}"#, connection)
            guard let token = made["token"]?.text, let person = made["person"]?.text else {
                throw .here(.internalFault, Texts.oddAnswer("\(identity)/CreateToken"))
            }
            return (person, token)
        }
    }

    private static func ask(
        _ method: String, _ request: String, _ connection: any Connection
    ) async throws(Failure) -> JSON {
        let answer = try await connection.call(
            service: identity, method: method, json: Array(request.utf8), .never)
        guard let json = try? JSON(parsing: answer) else {
            throw .here(.internalFault, Texts.oddAnswer("\(identity)/\(method)"))
        }
        return json
    }
}
