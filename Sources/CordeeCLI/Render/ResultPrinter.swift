/// Prints what a method answered: as a table, a block, JSON lines, or one field alone.
struct ResultPrinter {
    let method: MethodType
    let catalog: Catalog
    let context: CommandContext
    private let answer: MessageType?
    private let printed: FieldPath?

    /// A list in a terminal shows so many at first.
    static let terminalLimit = 100

    /// - Throws: `.usage` for `--print` with a field that the answer does not have: before anything is sent.
    init(_ method: MethodType, in catalog: Catalog, _ context: CommandContext) throws(Failure) {
        self.method = method
        self.catalog = catalog
        self.context = context
        answer = catalog.message(method.output)
        guard let path = context.options.printed, let answer else {
            printed = nil
            return
        }
        let target = Self.listField(of: method, in: catalog).flatMap { catalog.message(of: $0) } ?? answer
        printed = try Self.printedPath(path, in: target, of: catalog)
    }

    /// The field that holds the results when the answer is a list: one page of many, or a message of nothing else.
    static func listField(of method: MethodType, in catalog: Catalog) -> Field? {
        guard let answer = catalog.message(method.output) else { return nil }
        let lists = answer.fields.filter { $0.isRepeated && catalog.message(of: $0) != nil }
        let isPage = answer.field(named: "next_page_token") != nil || answer.fields.count == 1
        return isPage ? lists.first : nil
    }

    /// A field of the message, or of the one resource in it: an answer around a resource prints as the resource would.
    private static func printedPath(
        _ path: String, in message: MessageType, of catalog: Catalog
    ) throws(Failure) -> FieldPath {
        do throws(Failure) {
            return try FieldPath(path, in: message, of: catalog)
        } catch {
            let inner = message.fields.filter { !$0.isRepeated && catalog.message(of: $0)?.resource != nil }
            guard inner.count == 1, let found = try? FieldPath("\(inner[0].name).\(path)", in: message, of: catalog)
            else { throw error }
            return found
        }
    }

    /// Prints a part of a list; a table waits for all of them, and is made by `printTable`.
    func printEach(_ values: [JSON], of message: MessageType?) {
        let cells = CellText(catalog: catalog, language: context.console.language)
        for value in values {
            if let printed {
                for text in printed.texts(in: value, cells) { context.console.print(Console.safe(text)) }
            } else {
                context.console.print(value.ordered(as: message, in: catalog).line)
            }
        }
    }

    /// Whether results are printed as they come.
    var printsEach: Bool { context.options.isJSON || printed != nil || answer == nil }

    func printTable(_ values: [JSON], of message: MessageType) {
        let console = context.console
        let table = ResourceTable(message: message, catalog: catalog, language: console.language).table(values)
        let lines = table.lines(width: console.isTerminal ? console.width : nil)
        console.print(console.bold(lines[0]))
        for line in lines.dropFirst() { console.print(line) }
    }

    /// Prints an answer that is no list.
    func printOne(_ value: JSON) {
        guard !printsEach, let answer else { return printEach([value], of: answer) }
        let console = context.console
        let block = Block(
            catalog: catalog, language: console.language, width: console.isTerminal ? console.width : nil)
        for line in block.lines(value, of: answer) { console.print(line) }
    }
}
