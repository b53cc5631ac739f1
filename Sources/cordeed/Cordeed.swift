import ArgumentParser
import Daemon

/// The daemon's command line: it serves, unless a command for what needs no daemon is named.
@main
struct Cordeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cordeed",
        abstract: "Serves the professional development of school staff over a local socket.",
        discussion: """
            Without a command it serves; cordeed serve --help tells its flags, cordeed --print-config lists every key of the
            configuration with its meaning.
            """,
        version: DaemonVersion.current,
        subcommands: [ServeCommand.self, BackupCommand.self, AuditCommand.self], defaultSubcommand: ServeCommand.self)
}
