/// `cordee MODULE [METHOD …]`: commands that the daemon's descriptors make.
struct ModuleCommand {
    let context: CommandContext

    /// - Parameter words: the module, its method and what stands behind them.
    func run(_ words: [String]) async throws(Failure) {
        let name = words[0]
        try await context.withDaemon { (connection) throws(Failure) in
            let catalog = try await connection.catalog()
            guard let module = catalog.modules.first(where: { $0.name == name }) else {
                let known = catalog.modules.map(\.name) + OwnCommand.all.map { $0.words[0] }
                throw .usage(Texts.unknownCommand(name, nearest: Nearest.match(name, among: known)))
            }
            guard words.count > 1 else { return show(ModuleHelp(module: module, console: context.console).lines()) }
            guard let command = module.command(named: words[1]) else {
                if context.options.wantsHelp, words[1].hasPrefix("-") {
                    return show(ModuleHelp(module: module, console: context.console).lines())
                }
                let known = module.commands.flatMap { [$0.name, $0.shown] }
                let near = Nearest.match(words[1], among: known)
                throw .usage(
                    Texts.unknownCommand("\(name) \(words[1])", nearest: near.map { "\(name) \($0)" }))
            }
            if context.options.wantsHelp {
                let help = MethodHelp(module: module, command: command, catalog: catalog, console: context.console)
                return show(help.lines())
            }
            try await run(command.method, Array(words.dropFirst(2)), catalog, connection)
        }
    }

    private func run(
        _ method: MethodType, _ arguments: [String], _ catalog: Catalog, _ connection: any Connection
    ) async throws(Failure) {
        var files = context.files
        if method.sendsMany { files.bytesMax = ArgumentFiles.streamBytesMax }
        let values = FieldValues(catalog: catalog, language: context.console.language, files: files)
        let builder = RequestBuilder(flags: FlagSet(method, in: catalog), values: values)
        let request = try builder.request(arguments)
        try await MethodCall(method: method, catalog: catalog, context: context, connection: connection).run(request)
    }

    private func show(_ lines: [String]) {
        for line in lines { context.console.print(line) }
    }
}
