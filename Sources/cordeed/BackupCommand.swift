import ArgumentParser
import Daemon
import Glibc
import ModuleKit

/// `cordeed backup`: what is done with copies of the database while no daemon is there.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Verifies a copy of the database, or restores one.",
        subcommands: [Verify.self, Restore.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Looks through a copy without changing it: whether it is whole, and of which modules.")

        @Argument(help: "The copy.")
        var file: String

        @OptionGroup var speech: Speech

        func run() throws { try speech.end(with: CopyTool(modules: modules, language: speech.language).verify(file)) }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a copy in the place of the database of a daemon that is stopped.",
            discussion: """
                The copy is verified first; the old files are moved into a folder of their own. Keys, configuration and
                the ledger of erasures stay as they are.
                """)

        @Argument(help: "The copy.")
        var file: String

        @Option(help: "The data folder of the daemon.")
        var data: String

        @OptionGroup var speech: Speech

        func run() throws {
            let tool = CopyTool(modules: modules, language: speech.language)
            try speech.end(with: tool.restore(file, into: data, at: Surroundings.now()))
        }
    }
}

extension Speech {
    /// Says the outcome, what went wrong on the standard error, and ends with its code.
    func end(with outcome: CopyTool.Outcome) throws {
        guard outcome.exitCode != 0 else { return print(outcome.text) }
        complain(outcome.text)
        throw ExitCode(outcome.exitCode)
    }
}
