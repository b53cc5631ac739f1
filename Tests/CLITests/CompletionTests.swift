import Testing

@testable import CordeeCLI

@Suite("completion knows the daemon's modules, and the client's own commands without it")
struct CompletionTests {
    @Test(
        "what may follow",
        arguments: [
            (words: [], contains: ["services", "tokens", "cheeses"], lacks: ["complete"]),
            (words: ["tokens"], contains: ["create"], lacks: ["cheeses"]),
            (words: ["tokens", "create"], contains: ["--email", "--json"], lacks: ["create"]),
            (words: ["call"], contains: ["fixture.cheeses.v1.Cheeses/Turn"], lacks: ["cheeses"]),
            (words: ["cheeses"], contains: ["list", "turn"], lacks: ["list-cheeses"]),
            (words: ["cheeses", "create"], contains: ["--title", "--lang"], lacks: ["--name"]),
            (words: ["cheeses", "create-cheese"], contains: ["--title"], lacks: ["create"]),
            (words: ["nowhere"], contains: [], lacks: ["services", "--json"]),
        ])
    func candidates(row: (words: [String], contains: [String], lacks: [String])) throws {
        let found = CompletionCommands.candidates(behind: row.words, in: try DescriptorFixture.catalog())
        for word in row.contains { #expect(found.contains(word)) }
        for word in row.lacks { #expect(!found.contains(word)) }
        #expect(CompletionCommands.candidates(behind: [], in: nil).contains("services"))
    }

    @Test(
        "each shell has a script, and another word is refused with their names",
        arguments: ["bash", "zsh", "fish", "ksh"])
    func script(shell: String) async {
        let run = ScriptedRun()
        let code = await run.run(["completions", shell])
        #expect(code == (shell == "ksh" ? .usage : .success))
        #expect(
            (run.capture.output + run.capture.errors).contains(shell == "ksh" ? "bash, zsh, fish" : "cordee complete"))
    }

    @Test("the words behind \"--\" are taken as words, options among them left out")
    func words() async {
        let run = ScriptedRun()
        #expect(await run.run(["complete", "--", "cheeses", "--json", "turn"]) == .success)
        #expect(run.capture.output.split(separator: "\n").contains("--times"))
    }
}
