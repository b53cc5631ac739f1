import ArgumentParser
import Glibc
import ModuleKit

/// In which language a command that ends by itself speaks.
struct Speech: ParsableArguments {
    @Option(help: "The language of what is said: fr or en; else that of the locale.")
    var lang: String?

    var language: Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { Surroundings.environment[$0] }
        return Language.lookup(acceptLanguage: lang ?? locale.first { !$0.isEmpty } ?? "")
    }

    /// Says on the standard error what went wrong.
    func complain(_ text: String) {
        var line = "cordeed: \(text)\n"
        line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
