import ArgumentParser
import Daemon
import Glibc
import ModuleKit

/// `cordeed audit`: proof that nobody altered the log of events, without a daemon.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verifies the log of events.", subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Looks through the log: names the first row that was altered, is missing or was moved.",
            discussion: """
                It may run beside a daemon, and on a backup. It exits 0 when all is as it was written, 1 when not. A tail
                that was cut off leaves no trace but in an anchor.
                """)

        @Option(help: "The data folder: its database and, if no other is named, its key.")
        var data: String = "/var/lib/cordee"

        @Option(help: "A database file in place of that of the data folder: a backup.")
        var database: String?

        @Option(help: "The file of the key, if audit.key_file names one.")
        var key: String?

        @Option(help: "A file with an anchor, or a log of the service with some: the last one counts.")
        var anchor: String?

        @OptionGroup var speech: Speech

        func run() throws {
            do {
                let (text, isIntact) = try AuditTool(language: speech.language).verify(
                    database: database ?? "\(data)/cordee.db", key: key ?? "\(data)/audit.key", anchor: anchor)
                print(text)
                if !isIntact { throw ExitCode(1) }
            } catch let error as ExitCode {
                throw error
            } catch {
                speech.complain("\(error)")
                throw ExitCode(2)
            }
        }
    }
}
