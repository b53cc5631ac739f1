import ModuleKit

extension Setting {
    /// The table of all keys, by section.
    static let all: [Setting] =
        daemon + listening + logging + modules + backup + rpc + idempotency + store + events + effects + access
        + privacy

    private static let daemon: [Setting] = [
        Setting("daemon.data", \.dataFolder, "The folder of the database and its secret key; made if missing."),
        Setting("daemon.loops", \.loopCount, "Event loops; 0: one for each core, at most 4.", range: 0...64),
        Setting("daemon.workers", \.workerCount, "Threads for what would hold up a loop.", range: 1...64),
        Setting("daemon.worker_queue_max", \.workerQueueMax, "Work waiting for these threads.", range: 1...100_000),
        Setting("daemon.grace", \.grace, "How long calls may go on once the daemon is told to stop."),
        Setting("daemon.health_interval", \.healthInterval, "How often the health is looked at for who watches it."),
        Setting("daemon.operators", \.operatorUIDs, "User ids that are operators; empty: root and the daemon's own."),
        Setting("daemon.zoneinfo", \.zoneInfoFolder, "The folder of the time zone database."),
    ]

    private static let listening: [Setting] = [
        Setting("listen.socket", \.socketPath, "The Unix socket; at most 107 bytes."),
        Setting("listen.socket_mode", \.socketMode, "Its permissions."),
        Setting("listen.socket_group", \.socketGroup, "The group that it belongs to; empty: the daemon's own."),
        Setting("listen.tcp", \.tcpAddress, "A TCP address beside it, HOST:PORT; empty: none."),
        Setting(
            "listen.tcp_clear_on_loopback", \.isClearTCPOnLoopbackAllowed,
            "Whether TCP without TLS may be served on a loopback address."),
        Setting(
            "listen.tls_certificate", \.tlsCertificate,
            "PEM file of the server's certificate and those above it: TCP is then TLS. Read anew on SIGHUP."),
        Setting("listen.tls_key", \.tlsKey, "PEM file of its key, which not everybody may read. Read anew on SIGHUP."),
        Setting(
            "listen.tls_client_ca", \.tlsClientCA,
            "PEM file of the authorities of clients' certificates; empty: clients are asked for none."),
        Setting(
            "listen.tls_client_certificate", \.tlsClientCertificate,
            "What is asked of clients, once there is an authority: none, optional or required."),
        Setting("listen.tls_handshake_timeout", \.tlsHandshakeTimeout, "How long a client may take to begin TLS."),
    ]

    private static let logging: [Setting] = [
        Setting("log.level", \.logLevel, "trace, debug, info, notice, warning, error or critical."),
        Setting("log.format", \.logFormat, "text, or json: one object a line."),
    ]

    private static let modules: [Setting] = [
        Setting(
            "modules.disabled", \.disabledModules,
            "Modules that are turned off: nothing of them is served, their data stays and its schema follows."),
        Setting(
            "modules.retired", \.retiredModules,
            "Modules that this daemon no longer has, whose tables may stay in the database."),
    ]

    private static let backup: [Setting] = [
        Setting("backup.timeout", \.backupTimeout, "How long writing a backup may take; the WAL grows meanwhile."),
        Setting(
            "backup.before_migration_max", \.beforeMigrationMax,
            "Copies made before the schema was changed that are kept; 0: none is made.", range: 0...1_000),
    ]

    private static let rpc: [Setting] = [
        Setting("rpc.connections_max", \.rpc.connectionsMax, "Open connections.", range: 1...1_000_000),
        Setting(
            "rpc.calls_per_connection_max", \.rpc.callsPerConnectionMax, "Open calls of one connection.",
            range: 1...1_000_000),
        Setting("rpc.calls_max", \.rpc.callsMax, "Open calls of all connections.", range: 1...10_000_000),
        Setting(
            "rpc.unsent_bytes_max", \.rpc.unsentBytesMax, "Bytes that one peer has not taken.", range: 4_096...1 << 40),
        Setting("rpc.unsent_timeout", \.rpc.unsentTimeout, "How long a peer may leave more than that."),
        Setting(
            "rpc.stream_buffer_messages_max", \.rpc.streamBufferMessagesMax,
            "Messages of one stream that its handler has not taken.", range: 1...100_000),
        Setting(
            "rpc.stream_buffer_bytes_max", \.rpc.streamBufferBytesMax, "Their bytes; one message may be longer.",
            range: 1...1 << 30),
        Setting(
            "rpc.stream_buffer_connection_bytes_max", \.rpc.streamBufferConnectionBytesMax,
            "The same bytes of all streams of one connection.", range: 1...1 << 40),
        Setting("rpc.stream_stall_timeout", \.rpc.streamStallTimeout, "How long a handler may take none of them."),
        Setting("rpc.message_bytes_max", \.rpc.messageBytesMax, "Bytes of one message.", range: 1_024...4 << 20),
        Setting("rpc.decode_depth_max", \.rpc.decodeDepthMax, "Messages within messages.", range: 1...1_000),
        Setting("rpc.metadata_pairs_max", \.rpc.metadataPairsMax, "Pairs of metadata of one call.", range: 1...10_000),
        Setting(
            "rpc.metadata_bytes_max", \.rpc.metadataBytesMax, "Bytes of metadata of one call.", range: 256...1 << 20),
        Setting(
            "rpc.name_bytes_max", \.rpc.nameBytesMax, "Bytes of the name of a service or of a method.",
            range: 16...64 << 10),
        Setting(
            "rpc.frames_per_turn_max", \.rpc.framesPerTurnMax, "Frames of one connection before the next one's.",
            range: 1...100_000),
        Setting("rpc.call_timeout", \.rpc.callTimeoutMax, "The longest that a call may take; 0s: no bound."),
        Setting(
            "rpc.idle_timeout", \.rpc.idleTimeout,
            "How long a connection may stay without a call and without a byte; 0s: for ever."),
        Setting(
            "rpc.frame_timeout", \.rpc.frameTimeout,
            "How long a frame may take from its first byte to its last; 0s: for ever."),
        Setting(
            "rpc.tcp_keep_alive", \.rpc.tcpKeepAlive,
            "How long TCP may be silent before the kernel asks whether the peer is there; 0s: never."),
        Setting("rpc.retry_delay", \.rpc.retryDelay, "What a refused client is asked to wait."),
    ]

    private static let idempotency: [Setting] = [
        Setting(
            "idempotency.keep", \.idempotencyKeep, "How long the answer of a write is kept for a repeat with its key."),
        Setting(
            "idempotency.keys_max", \.idempotencyKeysMax, "Answers that are kept; beyond, the oldest go.",
            range: 1...1_000_000_000),
    ]

    private static let store: [Setting] = [
        Setting(
            "store.group_bodies_max", \.store.groupBodiesMax, "Writes that one commit carries.", range: 1...100_000),
        Setting("store.group_bytes_max", \.store.groupBytesMax, "Bytes that one commit carries.", range: 1...1 << 40),
        Setting("store.group_duration", \.store.groupDurationMax, "How long writes are gathered for one commit."),
        Setting("store.body_budget", \.store.bodyBudget, "How long one write may run."),
        Setting("store.queue_max", \.store.queueMax, "Writes that wait.", range: 1...10_000_000),
        Setting("store.report_threads", \.store.reportThreads, "Threads for long queries.", range: 1...64),
        Setting("store.report_time_limit", \.store.reportTimeLimit, "How long one long query may take."),
        Setting("store.report_queue_max", \.store.reportQueueMax, "Long queries that wait.", range: 1...100_000),
        Setting(
            "store.statement_cache_max", \.store.statementCacheMax, "Prepared statements of one connection.",
            range: 1...100_000),
        Setting("store.cache_kib_max", \.store.cacheKiB, "Page cache of one connection, in KiB.", range: 64...1 << 30),
        Setting("store.busy_timeout", \.store.busyTimeout, "How long to wait for a process outside on the same file."),
        Setting(
            "store.checkpoint_bytes", \.store.checkpointBytes, "Growth of the WAL between checkpoints.",
            range: 4_096...1 << 40),
        Setting(
            "store.wal_bytes_max", \.store.walBytesMax, "Size of the WAL above which the writer waits for it.",
            range: 4_096...1 << 40),
        Setting("store.restart_timeout", \.store.restartTimeout, "How long it waits for readers then."),
    ]

    private static let events: [Setting] = [
        Setting(
            "audit.key_file", \.auditKeyFile,
            "The file of the key that chains the log of events; empty: audit.key in the data folder."),
        Setting(
            "audit.anchor_interval", \.anchorInterval,
            "How often the end of the log of events is written to the service's log, when there was something new."),
        Setting("events.keep", \.eventsKeep, "How long events are kept; 0s: for ever."),
        Setting(
            "events.watch_rows_max", \.events.watchRows, "Events that one look of a watcher goes through.",
            range: 1...100_000),
        Setting(
            "events.watch_interval", \.events.watchInterval,
            "How often the right of a watcher without news is looked at."),
    ]

    private static let effects: [Setting] = [
        Setting(
            "reactions.batch", \.reactionsBatch, "Events that one write of a reaction takes.", range: 1...10_000),
        Setting(
            "reactions.backoff", \.reactions.pause,
            "The pause after a reaction's first failure; each further one doubles it."),
        Setting("reactions.backoff_max", \.reactions.pauseMax, "The longest pause."),
        Setting(
            "reactions.tries_max", \.reactions.triesMax, "Tries of one event before the reaction is set aside.",
            range: 1...1_000_000),
        Setting("jobs.batch", \.jobsBatch, "Jobs of one kind between two looks at the clock.", range: 1...10_000),
        Setting("jobs.backoff", \.jobs.pause, "The pause after a job's first failure; each further one doubles it."),
        Setting("jobs.backoff_max", \.jobs.pauseMax, "The longest pause."),
        Setting("jobs.tries_max", \.jobs.triesMax, "Tries of one job before it is set aside.", range: 1...1_000_000),
        Setting("jobs.look_interval", \.jobsLookInterval, "How long a jump of the wall clock may go unseen."),
    ]

    private static let access: [Setting] = [
        Setting(
            "access.stream_recheck_interval", \.streamRecheckInterval,
            "How often an open stream's right to go on is looked at for what ends by the clock."),
        Setting("tokens.life", \.tokenLife, "How long a token is good for which no end was asked."),
        Setting("tokens.life_max", \.tokenLifeMax, "The longest life that may be asked for."),
        Setting(
            "tokens.per_owner_max", \.tokensPerOwnerMax,
            "Tokens of one person, or service keys of one board, that are good at one time.", range: 1...100_000),
        Setting(
            "auth.failures_burst", \.guesses.burst, "Bad tokens in a row from one source, before it is slowed down.",
            range: 1...1_000_000),
        Setting("auth.failures_refill", \.guesses.refill, "After which time a source may have one more bad token."),
        Setting(
            "auth.sources_max", \.guesses.sourcesMax, "Sources of bad tokens that are told apart.",
            range: 1...1_000_000),
    ]

    private static let privacy: [Setting] = [
        Setting(
            "privacy.accesses_keep", \.accessesKeep, "How long it is kept who saw whose data."),
        Setting(
            "privacy.sweep_timeout", \.sweepTimeout,
            "How long an erasure waits for readers, to leave nothing in any file, before it is told as pending."),
        Setting("privacy.sweep_interval", \.sweepInterval, "How often sweeps that wait are tried again."),
        Setting(
            "privacy.departed_years", \.departedYears,
            "Whole years after which people who have left are erased; 0: never.", range: 0...100),
        Setting(
            "privacy.export_max", \.exportBytesMax, "Bytes of one person's records as JSON that go into an archive.",
            range: 1_024...1 << 30),
    ]

    /// A key that a module declares: "workshops.waitlist_max".
    init(module: String, _ declared: ModuleSetting) {
        let (name, standard) = (declared.name, declared.standard)
        self.init(
            key: "\(module).\(name)", documentation: declared.documentation, form: "a whole number from 0 on",
            text: { String($0.modules[module]?[name] ?? standard) },
            set: { configuration, text in
                guard let number = Int(setting: text), number >= 0 else { return false }
                configuration.modules[module, default: [:]][name] = number
                return true
            },
            number: { $0.modules[module]?[name] ?? standard })
    }

    private init(
        key: String, documentation: String, form: String, text: @escaping @Sendable (Configuration) -> String,
        set: @escaping @Sendable (inout Configuration, String) -> Bool,
        number: @escaping @Sendable (Configuration) -> Int
    ) {
        self.key = key
        self.documentation = documentation
        self.form = form
        self.text = text
        self.set = set
        self.number = number
    }
}
