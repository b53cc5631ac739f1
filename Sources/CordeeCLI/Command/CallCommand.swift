/// `cordee call SERVICE/METHOD -d JSON`: any method with a request as protobuf-JSON writes it.
enum CallCommand {
    static func run(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> ExitCode {
        let (path, data) = try parse(arguments)
        let text = try context.files.text(data ?? "{}")
        let requests = try requests(in: text)
        try await context.withDaemon { (connection) throws(Failure) in
            let catalog = try await connection.catalog()
            guard let method = catalog.method(path) else {
                let known = catalog.services.flatMap(\.methods).map(\.path)
                throw .usage(Texts.unknownSymbol(path, nearest: Nearest.match(path, among: known)))
            }
            let call = MethodCall(method: method, catalog: catalog, context: context, connection: connection)
            if method.isStreaming, method.sendsMany || requests.count == 1 {
                try await call.runStream(requests)
            } else {
                guard requests.count == 1 else { throw .value(Texts.notJSON("--data")) }
                try await call.run(requests[0])
            }
        }
        return .success
    }

    /// One object, or one on each line for a method that takes many.
    private static func requests(in text: String) throws(Failure) -> [JSON] {
        if let request = try? JSON(parsing: text), case .object = request { return [request] }
        var requests: [JSON] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            guard let request = try? JSON(parsing: String(line)), case .object = request else {
                throw .value(Texts.notJSON("--data"))
            }
            requests.append(request)
        }
        guard !requests.isEmpty else { throw .value(Texts.notJSON("--data")) }
        return requests
    }

    private static func parse(_ arguments: [String]) throws(Failure) -> (path: String, data: String?) {
        var (path, data): (String?, String?)
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "-d" || word == "--data" {
                guard let value = words.popFirst() else { throw .usage(Texts.missingValue(word)) }
                data = value
            } else if word.hasPrefix("--data=") {
                data = String(word.dropFirst(7))
            } else if word.hasPrefix("-") {
                let near = Nearest.match(word, among: ["--data"] + GlobalOptions.names.map { "--" + $0 })
                throw .usage(Texts.unknownFlag(word, nearest: near))
            } else if path == nil {
                path = word
            } else {
                throw .usage(Texts.tooManyArguments(word))
            }
        }
        guard let path else { throw .usage(Texts.missingArgument("SERVICE/METHOD")) }
        return (path, data)
    }
}
