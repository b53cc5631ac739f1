import RPC

extension OwnCommand {
    private static let events = "cordee.system.v1.Events"
    private static let reactions = "cordee.system.v1.Reactions"
    private static let jobs = "cordee.system.v1.Jobs"

    /// Those that the help lists.
    static var shown: [OwnCommand] { all.filter { !$0.isHidden } }

    /// In the order of the help.
    static let all: [OwnCommand] = [
        OwnCommand(words: ["services"], summary: Texts.servicesSummary, run: ServicesCommand.run),
        OwnCommand(words: ["describe"], argument: "NAME", summary: Texts.describeSummary, run: DescribeCommand.run),
        OwnCommand(
            words: ["call"], argument: "SERVICE/METHOD", summary: Texts.callSummary,
            flags: [Flag(term: "-d, --data JSON", text: Texts.callData)], run: CallCommand.run),
        OwnCommand(words: ["health"], summary: Texts.healthSummary) { (context, arguments) throws(Failure) in
            let answer = try await SystemMethod("cordee.system.v1.Health", "Check").run(context, arguments)
            return answer["state"]?.text == "SERVING" ? .success : .failure
        },
        .method(["info"], "cordee.system.v1.System", "GetInfo", Texts.infoSummary),
        .method(["metrics"], "cordee.system.v1.Metrics", "ListMetrics", Texts.metricsSummary),
        .method(["whoami"], "cordee.system.v1.System", "WhoAmI", Texts.whoamiSummary),
        OwnCommand(words: ["login"], summary: Texts.loginSummary, run: LoginCommands.login),
        OwnCommand(words: ["logout"], summary: Texts.logoutSummary, run: LoginCommands.logout),
        .method(
            ["tokens", "create"], "cordee.system.v1.Identity", "CreateToken", Texts.tokensSummary,
            [
                Flag(term: "--email E", text: Texts.tokensEmail), Flag(term: "--person P", text: Texts.tokensPerson),
                Flag(term: "--label L", text: Texts.tokensLabel),
                Flag(term: "--expire-time T", text: Texts.tokensExpiry),
            ]),
        .method(
            ["tokens", "list"], "cordee.system.v1.Identity", "ListTokens", Texts.tokensListSummary,
            [Flag(term: "--parent P", text: Texts.tokensPerson)]),
        .method(
            ["tokens", "revoke"], "cordee.system.v1.Identity", "RevokeToken", Texts.tokensRevokeSummary,
            argument: "NAME"),
        .method(
            ["bootstrap"], "cordee.system.v1.Identity", "Bootstrap", Texts.bootstrapSummary,
            [
                Flag(term: "--board B …", text: Texts.bootstrapBoard),
                Flag(term: "--email E", text: Texts.bootstrapEmail),
                Flag(term: "--given-name N", text: Texts.bootstrapGivenName),
                Flag(term: "--family-name N", text: Texts.bootstrapFamilyName),
            ]),
        .method(
            ["audit", "list"], events, "ListEvents", Texts.auditListSummary,
            [Flag(term: "--parent B", text: Texts.auditParent)]),
        OwnCommand(
            words: ["audit", "verify"], summary: Texts.auditVerifySummary,
            flags: [Flag(term: "--anchor FILE", text: Texts.auditAnchorFile)], run: AuditCommands.verify),
        .method(["audit", "anchor"], "cordee.system.v1.Audit", "GetAnchor", Texts.auditAnchorSummary),
        .method(
            ["events", "watch"], events, "Watch", Texts.eventsWatchSummary,
            [
                Flag(term: "--parent B", text: Texts.auditParent),
                Flag(term: "--resume-token T", text: Texts.eventsResume),
                Flag(term: "--from-beginning", text: Texts.eventsFromBeginning),
            ]),
        .method(["reactions", "list"], reactions, "ListReactions", Texts.reactionsListSummary),
        .method(["reactions", "retry"], reactions, "RetryReaction", Texts.reactionsRetrySummary, argument: "NAME"),
        .method(
            ["reactions", "skip"], reactions, "SkipReaction", Texts.reactionsSkipSummary,
            [Flag(term: "--sequence N", text: Texts.reactionsSequence)], argument: "NAME"),
        .method(
            ["jobs", "list"], jobs, "ListJobs", Texts.jobsListSummary,
            [Flag(term: "--failed-only", text: Texts.jobsFailedOnly)]),
        .method(
            ["jobs", "retry"], jobs, "RetryJob", Texts.jobsRetrySummary,
            [Flag(term: "--key K", text: Texts.jobsKey)], argument: "KIND"),
        OwnCommand(
            words: ["backup", "create"], argument: "FILE", summary: Texts.backupCreateSummary,
            run: BackupCommands.create),
        OwnCommand(
            words: ["backup", "verify"], argument: "FILE", summary: Texts.backupVerifySummary,
            run: BackupCommands.verify),
        OwnCommand(
            words: ["backup", "restore"], argument: "FILE --data DIR", summary: Texts.backupRestoreSummary,
            flags: [Flag(term: "--data DIR", text: Texts.backupData)], run: BackupCommands.restore),
        OwnCommand(
            words: ["backup", "rotate"], argument: "FOLDER", summary: Texts.backupRotateSummary,
            flags: [
                Flag(term: "--keep-daily N", text: Texts.backupDaily),
                Flag(term: "--keep-weekly N", text: Texts.backupWeekly),
            ], run: BackupCommands.rotate),
        OwnCommand(
            words: ["privacy", "export"], summary: Texts.privacyExportSummary,
            flags: [Flag(term: "--person P", text: Texts.privacyPerson)], run: PrivacyCommands.export),
        OwnCommand(
            words: ["privacy", "my-data"], summary: Texts.privacyMyDataSummary,
            flags: [Flag(term: "--output FILE", text: Texts.privacyOutput)], run: PrivacyCommands.myData),
        OwnCommand(
            words: ["privacy", "board"], summary: Texts.privacyBoardSummary,
            flags: [Flag(term: "--parent B", text: Texts.privacyBoard)], run: PrivacyCommands.board),
        OwnCommand(
            words: ["privacy", "erase"], summary: Texts.privacyEraseSummary,
            flags: [
                Flag(term: "--person P", text: Texts.privacyErased), Flag(term: "--yes", text: Texts.privacyEraseYes),
            ], run: PrivacyCommands.erase),
        .method(
            ["privacy", "accesses"], "cordee.system.v1.Privacy", "ListAccesses", Texts.privacyAccessesSummary,
            [Flag(term: "--parent P", text: Texts.privacyPerson)]),
        OwnCommand(
            words: ["completions"], argument: "bash|zsh|fish", summary: Texts.completionsSummary,
            run: CompletionCommands.printScript),
        OwnCommand(
            words: ["complete"], argument: "-- …", summary: Texts.completeSummary, isHidden: true,
            run: CompletionCommands.printCandidates),
        OwnCommand(words: ["version"], summary: Texts.versionSummary) { (context, _) throws(Failure) in
            context.console.print("cordee \(CordeeVersion.text)")
            return .success
        },
    ]

    /// A command that is a method of the daemon's own services under a shorter name.
    private static func method(
        _ words: [String], _ service: String, _ method: String, _ summary: LocalizedText, _ flags: [Flag] = [],
        argument: String = ""
    ) -> OwnCommand {
        OwnCommand(words: words, argument: argument, summary: summary, flags: flags) {
            (context, arguments) throws(Failure) in
            _ = try await SystemMethod(service, method).run(context, arguments)
            return .success
        }
    }
}

/// A method of the daemon's own services, its flags and tables from its descriptors as those of any module.
struct SystemMethod {
    let service: String
    let method: String

    init(_ service: String, _ method: String) { (self.service, self.method) = (service, method) }

    func run(_ context: CommandContext, _ arguments: [String]) async throws(Failure) -> JSON {
        try await context.withDaemon { (connection) throws(Failure) in
            let (method, catalog, request) = try await prepare(connection, context, arguments)
            return try await MethodCall(method: method, catalog: catalog, context: context, connection: connection)
                .run(request)
        }
    }

    /// What the arguments ask of the method, by the daemon's descriptors.
    func prepare(
        _ connection: any Connection, _ context: CommandContext, _ arguments: [String]
    ) async throws(Failure) -> (method: MethodType, catalog: Catalog, request: JSON) {
        let catalog = try await connection.catalog(of: service)
        guard let method = catalog.method("\(service)/\(method)") else {
            throw .here(.unavailable, Texts.unknownSymbol("\(service)/\(method)", nearest: nil))
        }
        let values = FieldValues(catalog: catalog, language: context.console.language, files: context.files)
        let builder = RequestBuilder(flags: FlagSet(method, in: catalog), values: values)
        return (method, catalog, try builder.request(arguments))
    }
}
