import RPC
import SwiftProtobuf
import Testing

@testable import CordeeCLI

@Suite("help comes from the proto's comments, in a French or an English frame")
struct HelpTests {
    @Test(
        "each level of help", arguments: Language.allCases,
        [
            (name: "root", words: ["--help"]), (name: "module", words: ["cheeses", "--help"]),
            (name: "create", words: ["cheeses", "create", "--help"]),
            (name: "update", words: ["help", "cheeses", "update"]),
            (name: "turn", words: ["cheeses", "turn", "-h"]), (name: "bootstrap", words: ["bootstrap", "--help"]),
            (name: "call", words: ["call", "--help"]),
        ])
    func help(language: Language, page: (name: String, words: [String])) async throws {
        let run = ScriptedRun()
        #expect(await run.run(page.words, language: language) == .success)
        #expect(run.capture.errors.isEmpty)
        #expect(run.connection.received.isEmpty)
        try Golden.expect(run.capture.output, is: "help-\(page.name)-\(language.rawValue)")
    }

    @Test("a method and its short name have the same help")
    func shortName() async {
        let (long, short) = (ScriptedRun(), ScriptedRun())
        _ = await long.run(["cheeses", "list-cheeses", "--help"])
        _ = await short.run(["cheeses", "list", "--help"])
        #expect(long.capture.output == short.capture.output)
        #expect(short.capture.output.contains("list-cheeses"))
    }

    @Test(
        "a declaration with its comments",
        arguments: [
            (name: "message", symbol: "fixture.cheeses.v1.Cheese"), (name: "enum", symbol: "Milk"),
            (name: "service", symbol: "Cheeses"), (name: "method", symbol: "fixture.cheeses.v1.Cheeses/CreateCheese"),
        ])
    func describe(page: (name: String, symbol: String)) async throws {
        let run = ScriptedRun()
        #expect(await run.run(["describe", page.symbol]) == .success)
        try Golden.expect(run.capture.output, is: "describe-\(page.name)")
    }

    @Test("a short name that several things bear is answered with all of them")
    func ambiguous() {
        let catalog = Catalog([
            .with { file in
                file.package = "a"
                file.messageType = ["M", "N"].map { name in
                    .with { outer in
                        outer.name = name
                        outer.nestedType = [.with { $0.name = "Inner" }]
                    }
                }
            }
        ])
        let description = SymbolDescription(catalog: catalog, console: Capture().console())
        #expect(throws: Failure.usage(Texts.ambiguousSymbol("Inner", ["a.M.Inner", "a.N.Inner"]))) {
            try description.lines(of: "Inner")
        }
    }

    @Test("no line of help is wider than the terminal, for widths from 40 on", arguments: [40, 57, 100, 300])
    func narrow(width: Int) async {
        for words in [["--help"], ["cheeses", "--help"], ["cheeses", "turn", "--help"]] {
            let run = ScriptedRun()
            _ = await run.run(words, terminalWidth: width)
            for line in run.capture.output.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= max(60, width), "\(line)")
            }
        }
    }

    @Test("each field that the help of the client's own commands shows is a flag of the daemon's method")
    func ownFlags() throws {
        let catalog = try DescriptorFixture.catalog()
        for (command, path) in [
            ("bootstrap", "cordee.system.v1.Identity/Bootstrap"), ("tokens", "cordee.system.v1.Identity/CreateToken"),
        ] {
            let own = try #require(OwnCommand.all.first { $0.words[0] == command })
            let flags = FlagSet(try #require(catalog.method(path)), in: catalog)
            for flag in own.flags {
                let name = String(flag.term.dropFirst(2).prefix { $0 != " " })
                #expect(flags.flag(named: name) != nil, "\(name)")
            }
        }
    }
}
