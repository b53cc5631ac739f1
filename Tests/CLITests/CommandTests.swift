import RPC
import Testing

@testable import CordeeCLI

@Suite("commands call the daemon and print what it answers")
struct CommandTests {
    static let cheeses = #"""
        {"cheeses":[
          {"etag":"e","title":{"en":"Blue","fr":"Bleu"},"name":"cellars/c/cheeses/1","milk":"COW","wheels":12,
           "turns":[{"turnTime":"2026-01-02T03:04:05Z","keeper":"Zoé"},{"turnTime":"2026-01-03T03:04:05Z"}]},
          {"name":"cellars/c/cheeses/2","title":{"fr":"Chèvre 漢字 très affiné de la montagne"},"milk":"MOUNTAIN_GOAT"}]}
        """#

    private static func lists(_ method: String, _ request: JSON) throws(Failure) -> String { cheeses }

    @Test("a list is a table of the resource's columns", arguments: Language.allCases)
    func table(language: Language) async throws {
        let run = ScriptedRun(Self.lists)
        #expect(await run.run(["cheeses", "list", "cellars/c"], language: language) == .success)
        #expect(run.connection.received == [#"ListCheeses {"parent":"cellars/c"}"#])
        try Golden.expect(run.capture.output, is: "table-\(language.rawValue)")
    }

    @Test("a table in a terminal is cut to its width", arguments: [50, 70])
    func cut(width: Int) async throws {
        let run = ScriptedRun(Self.lists)
        #expect(await run.run(["cheeses", "list"], terminalWidth: width) == .success)
        for line in run.capture.output.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width, "\(line)") }
        try Golden.expect(run.capture.output, is: "table-\(width)")
    }

    @Test("JSON is one line for each resource, its members in the order of the proto")
    func json() async {
        let run = ScriptedRun(Self.lists)
        #expect(await run.run(["--json", "cheeses", "list"]) == .success)
        let lines = run.capture.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0].hasPrefix(
                #"{"name":"cellars/c/cheeses/1","title":{"en":"Blue","fr":"Bleu"},"milk":"COW","wheels":12,"turns":[{"turnTime""#
            ))
        #expect(lines[0].hasSuffix(#""etag":"e"}"#))
    }

    @Test(
        "one field alone is printed for scripts",
        arguments: [
            (path: "name", expected: "cellars/c/cheeses/1\ncellars/c/cheeses/2\n"),
            (path: "wheels", expected: "12\n0\n"), (path: "title.en", expected: "Blue\n\n"),
            (path: "turns.turn-time", expected: "2026-01-02T03:04:05Z\n2026-01-03T03:04:05Z\n"),
        ])
    func printed(row: (path: String, expected: String)) async {
        let run = ScriptedRun(Self.lists)
        #expect(await run.run(["cheeses", "list", "--print", row.path]) == .success)
        #expect(run.capture.output == row.expected)
    }

    @Test("a field to print that is not there is refused before the call, and the nearest one named")
    func unknownPrinted() async {
        let run = ScriptedRun(Self.lists)
        #expect(await run.run(["cheeses", "list", "--print", "nmae"]) == .usage)
        #expect(run.capture.errors.contains("name"))
        #expect(run.connection.received.isEmpty)
    }

    @Test("what lies in the one resource of an answer is printed by its own name")
    func printedWithin() async {
        let run = ScriptedRun { (_, _) throws(Failure) in #"{"cheese":{"name":"x"}}"# }
        #expect(await run.run(["cheeses", "turn", "x", "--print", "name"]) == .success)
        #expect(run.capture.output == "x\n")
    }

    @Test("a single answer is a block, with the messages in it and tables below", arguments: Language.allCases)
    func block(language: Language) async throws {
        let run = ScriptedRun { (_, _) throws(Failure) in
            #"""
            {"cheese":{"name":"cellars/c/cheeses/1","title":{"fr":"Bleu"},"massGrams":"9007199254740993","smelly":true,
             "ripening":"5400s","labels":{"k":"v"},"ancestor":{"name":"a","ancestor":{"ancestor":{"ancestor":{"ancestor":{}}}}},
             "turns":[{"turnTime":"2026-01-02T03:04:05Z","keeper":"Zoé"}]},
             "spoilt":[{"keeper":"Léo","remark":"two\nlines \u001b[31m"}]}
            """#
        }
        #expect(await run.run(["cheeses", "turn", "x"], language: language) == .success)
        try Golden.expect(run.capture.output, is: "block-\(language.rawValue)")
    }

    @Test("pages are followed to the end in a pipe, and each is asked for once")
    func pages() async {
        let run = ScriptedRun { (_, request) throws(Failure) in
            let number = Int(request["pageToken"]?.text ?? "0") ?? 0
            return #"{"cheeses":[{"name":"\#(number)"}],"nextPageToken":"\#(number < 4 ? "\(number + 1)" : "")"}"#
        }
        #expect(await run.run(["cheeses", "list", "--print", "name"]) == .success)
        #expect(run.capture.output == "0\n1\n2\n3\n4\n")
        #expect(run.connection.received.count == 5)
        #expect(run.connection.received.last == #"ListCheeses {"pageToken":"4"}"#)
    }

    @Test("a terminal gets the first hundred, and is told how to get all; a limit is kept to")
    func limits() async {
        let endless: ScriptedConnection.Answer = { (_, request) throws(Failure) in
            let number = Int(request["pageToken"]?.text ?? "0") ?? 0
            let page = (0..<30).map { #"{"name":"\#(number * 30 + $0)"}"# }.joined(separator: ",")
            return #"{"cheeses":[\#(page)],"nextPageToken":"\#(number + 1)"}"#
        }
        let terminal = ScriptedRun(endless)
        #expect(await terminal.run(["cheeses", "list"], terminalWidth: 80) == .success)
        #expect(terminal.capture.output.split(separator: "\n").count == 101)
        #expect(terminal.capture.errors.contains("--limit 0"))
        let limited = ScriptedRun(endless)
        #expect(await limited.run(["cheeses", "list", "--limit", "31", "--print", "name"]) == .success)
        #expect(limited.capture.output.split(separator: "\n").last == "30")
        #expect(limited.connection.received.count == 2)
    }

    @Test("a daemon that gives the same page for ever is left")
    func samePage() async {
        let run = ScriptedRun { (_, _) throws(Failure) in #"{"cheeses":[{}],"nextPageToken":"again"}"# }
        #expect(await run.run(["cheeses", "list"]) == .internalFault)
        #expect(run.connection.received.count == 2)
    }

    @Test("an empty list is a sentence on the standard error and nothing on the output", arguments: Language.allCases)
    func empty(language: Language) async {
        let run = ScriptedRun()
        #expect(await run.run(["cheeses", "list"], language: language) == .success)
        #expect(run.capture.output.isEmpty)
        #expect(run.capture.errors == (language == .fr ? "Aucun résultat.\n" : "No results.\n"))
    }

    @Test("any method can be called with JSON, by its full name or its service's short one")
    func call() async {
        for path in ["fixture.cheeses.v1.Cheeses/GetCheese", "Cheeses/GetCheese"] {
            let run = ScriptedRun { (_, _) throws(Failure) in #"{"name":"n"}"# }
            #expect(await run.run(["call", path, "-d", #"{"name":"n"}"#, "--json"]) == .success)
            #expect(run.connection.received == [#"GetCheese {"name":"n"}"#])
            #expect(run.capture.output == "{\"name\":\"n\"}\n")
        }
    }

    @Test(
        "a wrong command names what is wrong and what may be meant",
        arguments: [
            (words: ["cheese", "list"], names: ["cheese", "cheeses"]),
            (words: ["cheeses", "lst"], names: ["cheeses lst", "cheeses list"]),
            (words: ["servces"], names: ["servces", "services"]), (words: ["tokens"], names: ["tokens create"]),
            (words: ["call", "Cheeses/GetChese"], names: ["Cheeses/GetChese"]),
            (words: ["call"], names: ["SERVICE/METHOD"]),
            (words: ["call", "Cheeses/GetCheese", "--dta", "{}"], names: ["--dta", "--data"]),
            (words: ["describe", "Chese"], names: ["Chese"]),
            (words: ["--lang", "de", "version"], names: ["--lang", "fr, en"]), (words: ["--json=x"], names: ["--json"]),
            (words: ["--sokcet", "x"], names: ["--socket"]),
            (words: ["version", "--timeout", "soon"], names: ["--timeout", "soon"]),
        ])
    func wrong(row: (words: [String], names: [String])) async {
        let run = ScriptedRun()
        #expect(await run.run(row.words) == .usage)
        for name in row.names { #expect(run.capture.errors.contains(name), "\(run.capture.errors)") }
        #expect(run.capture.output.isEmpty)
    }

    @Test(
        "the health of the daemon is the exit code", arguments: [("SERVING", ExitCode.success), ("DEGRADED", .failure)])
    func health(state: String, expected: ExitCode) async {
        let run = ScriptedRun { (_, _) throws(Failure) in
            #"{"state":"\#(state)","parts":[{"part":"store","state":"SERVING"}]}"#
        }
        #expect(await run.run(["health"]) == expected)
        #expect(run.capture.output.contains(state))
    }

    @Test("the client's own commands are the daemon's methods")
    func ownCommands() async {
        let run = ScriptedRun { (_, _) throws(Failure) in #"{"token":"secret"}"# }
        #expect(
            await run.run(["bootstrap", "--board", "a", "--board", "b", "--email", "e@x", "--print", "token"])
                == .success)
        #expect(run.capture.output == "secret\n")
        #expect(await run.run(["tokens", "create", "--email", "e@x", "--label", "l"]) == .success)
        #expect(
            run.connection.received == [
                #"Bootstrap {"boards":["a","b"],"email":"e@x"}"#, #"CreateToken {"email":"e@x","label":"l"}"#,
            ])
    }
}
