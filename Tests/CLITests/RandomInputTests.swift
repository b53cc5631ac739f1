import RPC
import TestSupport
import Testing

@testable import CordeeCLI

@Suite("any command line and any answer end in an exit code")
struct RandomInputTests {
    /// Without "-", which would read what the test runner itself is given.
    static let words = [
        "cheeses", "create", "list", "turn", "update", "get", "call", "describe", "services", "help", "tokens", "--",
        "--help", "--json", "--print", "--limit", "--limit=1", "--print=name", "--title", "--title=", "--turn", "a=b",
        "keeper=x,", ",", "=", "--no-smelly", "--no-", "--wheels", "--fat=1e400", "--ripening", "-1s", "--picture=@",
        "@/", "{}", "[", "-d", "--data={\"a\":1}", "Cheeses/GetCheese", "", "é", "\u{0}", "\u{1b}[2J", "--label", "k=v",
        "3",
        "--lang", "en", "--timeout", "1s", "--socket", "complete", "completions", "bash",
    ]

    @Test("a random command line", arguments: UInt64(0)..<100)
    func commandLine(seed: UInt64) async {
        var random = Random(seed: seed)
        let count = Int(random.next() % 7)
        // Half of them begin as commands that go far.
        let start =
            random.chance(of: 2) ? ["cheeses", ["create", "list", "turn", "update"][Int(random.next() % 4)]] : []
        let words = start + (0..<count).map { _ in Self.words[Int(random.next() % UInt64(Self.words.count))] }
        let run = ScriptedRun()
        let code = await run.run(words)
        #expect((code == .success) || !run.capture.errors.isEmpty || words.first == "health", "\(words)")
        #expect(!run.capture.errors.contains("\u{1b}"))
        #expect(!run.capture.output.contains("\u{1b}"))
    }

    @Test("an answer whose values are not what the descriptors say", arguments: UInt64(0)..<40)
    func answer(seed: UInt64) async {
        var random = Random(seed: seed)
        let answers = (0..<3).map { _ in Self.json(&random, depth: 5) }
        for words in [["cheeses", "list"], ["cheeses", "turn", "x"], ["cheeses", "list", "--print", "turns.keeper"]] {
            let run = ScriptedRun { (_, request) throws(Failure) in answers[request["pageToken"] == nil ? 0 : 1] }
            let code = await run.run(words, terminalWidth: 30)
            #expect(code == .success || code == .internalFault, "\(answers)")
            #expect(!run.capture.output.contains("\u{1b}"))
        }
    }

    private static let names = [
        "cheese", "cheeses", "turns", "name", "title", "labels", "milk", "nextPageToken", "ancestor", "keepers",
        "spoilt", "wheels",
    ]

    /// An object, with anything in it down to a depth.
    private static func json(_ random: inout Random, depth: Int) -> String {
        switch depth == 5 ? 7 : depth == 0 ? random.next() % 5 : random.next() % 9 {
        case 0: return "null"
        case 1: return "true"
        case 2: return "-1.5e300"
        case 3: return #""text\u001b[2J\n""#
        case 4: return "7"
        case 5:
            let elements = (0..<random.next() % 5).map { _ in json(&random, depth: depth - 1) }
            return "[" + elements.joined(separator: ",") + "]"
        default:
            let members = names.filter { _ in random.chance(of: 3) }.map { name in
                "\"\(name)\":" + json(&random, depth: depth - 1)
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }
}
