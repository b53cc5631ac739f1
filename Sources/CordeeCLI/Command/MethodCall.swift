import RPC

/// Calls one method and prints what it answers; a list page after page.
struct MethodCall {
    let method: MethodType
    let catalog: Catalog
    let context: CommandContext
    let connection: any Connection
    private let repetition: Repetition

    init(method: MethodType, catalog: Catalog, context: CommandContext, connection: any Connection) {
        (self.method, self.catalog, self.context, self.connection) = (method, catalog, context, connection)
        repetition = Self.repetition(of: method, key: context.options.idempotencyKey)
    }

    /// - Parameter key: what the command line says; else each write has one of its own. A write that answers with a
    ///   stream is not carried out again.
    private static func repetition(of method: MethodType, key: String?) -> Repetition {
        if method.isReadOnly { return .read }
        if method.answersMany, key == nil { return .never }
        return .write(key: key ?? CallOptions.makeIdempotencyKey())
    }

    /// - Returns: the answer, or the last page of a list.
    @discardableResult
    func run(_ request: JSON) async throws(Failure) -> JSON {
        if method.isStreaming {
            let fields = catalog.message(method.input)?.fields ?? []
            return try await runStream(
                method.sendsMany ? RequestPieces.messages(of: request, fields: fields) : [request])
        }
        let printer = try ResultPrinter(method, in: catalog, context)
        if let list = ResultPrinter.listField(of: method, in: catalog), let message = catalog.message(of: list) {
            return try await runList(request, list, message, printer)
        }
        let answer = try await send(request)
        printer.printOne(answer)
        return answer
    }

    /// Sends all messages and prints each answer as it comes.
    ///
    /// - Returns: the last answer.
    @discardableResult
    func runStream(_ requests: [JSON]) async throws(Failure) -> JSON {
        let printer = try ResultPrinter(method, in: catalog, context)
        var last: JSON?
        let kind = StreamingKind(clientStreams: method.sendsMany, serverStreams: method.answersMany)
        try await connection.stream(service: method.service, method: method.name, kind, requests, repetition) {
            (bytes) throws(Failure) in
            guard let answer = try? JSON(parsing: bytes) else {
                throw .here(.internalFault, Texts.oddAnswer(method.path))
            }
            if last != nil, !printer.printsEach { context.console.print("") }
            printer.printOne(answer)
            last = answer
        }
        if last == nil { context.console.tell(Texts.nothing) }
        return last ?? .object([])
    }

    /// Follows the pages to the end, or to the limit. JSON and single fields leave page by page; a table needs the widths
    /// of all its rows first, so they are held, and `--limit` bounds them.
    private func runList(
        _ request: JSON, _ list: Field, _ message: MessageType, _ printer: ResultPrinter
    ) async throws(Failure) -> JSON {
        let limit = limit()
        var request = request
        var rows: [JSON] = []
        var count = 0
        var tokens: Set<String> = []
        while true {
            let answer = try await send(request)
            let results = answer[list.jsonName]?.elements ?? []
            let page = limit.map { Array(results.prefix($0 - count)) } ?? results
            count += page.count
            if printer.printsEach { printer.printEach(page, of: message) } else { rows += page }
            let token = answer["nextPageToken"]?.text ?? ""
            let isCut = page.count < results.count || (count == limit && !token.isEmpty)
            guard !token.isEmpty, !isCut else {
                finish(rows, count, isCut: isCut, message, printer)
                return answer
            }
            // A daemon that never ends a list must not keep a script for ever.
            guard tokens.insert(token).inserted else { throw .here(.internalFault, Texts.pageAgain(method.path)) }
            request.set(["pageToken"], to: .string(token))
        }
    }

    private func finish(
        _ rows: [JSON], _ count: Int, isCut: Bool, _ message: MessageType, _ printer: ResultPrinter
    ) {
        if count == 0 { return context.console.tell(Texts.nothing) }
        if !printer.printsEach { printer.printTable(rows, of: message) }
        if isCut, context.options.limit == nil { context.console.tell(Texts.more(count)) }
    }

    /// Nil for no limit: a pipe gets all unless it asks for less.
    private func limit() -> Int? {
        switch context.options.limit {
        case 0?: nil
        case let limit?: limit
        case nil: context.console.isTerminal ? ResultPrinter.terminalLimit : nil
        }
    }

    private func send(_ request: JSON) async throws(Failure) -> JSON {
        let bytes = try await connection.call(
            service: method.service, method: method.name, json: Array(request.line.utf8), repetition)
        guard let answer = try? JSON(parsing: bytes) else {
            throw .here(.internalFault, Texts.oddAnswer(method.path))
        }
        return answer
    }
}
