import RPC
import Testing

@testable import CordeeCLI

@Suite("flags become the JSON of a request")
struct FlagTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let command: [String]
        let request: String
        var testDescription: String { command.joined(separator: " ") }
    }

    static let rows: [Row] = [
        Row(command: ["CreateCheese"], request: "{}"),
        Row(command: ["CreateCheese", "cellars/c"], request: #"{"parent":"cellars/c"}"#),
        // A bare title is in the caller's language, which is French here; one with a tag adds to it.
        Row(
            command: ["CreateCheese", "--title", "Atelier", "--title", "en=Workshop", "--title=fr-CA=À nous"],
            request: #"{"cheese":{"title":{"fr":"Atelier","en":"Workshop","fr-CA":"À nous"}}}"#),
        Row(
            command: ["CreateCheese", "--title", "1+1=2"], request: #"{"cheese":{"title":{"fr":"1+1=2"}}}"#),
        Row(command: ["CreateCheese", "--milk", "mountain-goat"], request: #"{"cheese":{"milk":"MOUNTAIN_GOAT"}}"#),
        Row(command: ["CreateCheese", "--milk", "Cow"], request: #"{"cheese":{"milk":"COW"}}"#),
        Row(command: ["CreateCheese", "--milk", "unspecified"], request: #"{"cheese":{"milk":"MILK_UNSPECIFIED"}}"#),
        Row(command: ["CreateCheese", "--wheels", "-3"], request: #"{"cheese":{"wheels":-3}}"#),
        // 2⁵³ + 1: a JSON number would lose it.
        Row(
            command: ["CreateCheese", "--mass-grams=9007199254740993"],
            request: #"{"cheese":{"massGrams":"9007199254740993"}}"#),
        Row(
            command: ["CreateCheese", "--label", "k=v", "--labels", "a=b=c"],
            request: #"{"cheese":{"labels":{"k":"v","a":"b=c"}}}"#),
        Row(command: ["CreateCheese", "--ripening", "1h30m"], request: #"{"cheese":{"ripening":"5400s"}}"#),
        Row(
            command: ["CreateCheese", "--make-time", "2026-11-24T15:45:00-05:00"],
            request: #"{"cheese":{"makeTime":"2026-11-24T15:45:00-05:00"}}"#),
        Row(
            command: ["CreateCheese", "--smelly", "--no-validate-only"],
            request: #"{"cheese":{"smelly":true},"validateOnly":false}"#),
        Row(command: ["CreateCheese", "--picture", "AAEC"], request: #"{"cheese":{"picture":"AAEC"}}"#),
        Row(command: ["CreateCheese", "--fat", "0.5"], request: #"{"cheese":{"fat":0.5}}"#),
        Row(
            command: ["CreateCheese", "--keeper", "Ève-Marie", "--keepers", "@nobody"],
            request: #"{"cheese":{"keepers":["Ève-Marie","@nobody"]}}"#),
        // Of two fields of one name, the request's own one has the flag.
        Row(command: ["CreateCheese", "--etag", "x"], request: #"{"etag":"x"}"#),
        // A field that is named as an option of all commands.
        Row(command: ["CreateCheese", "--field-timeout", "7"], request: #"{"timeout":7}"#),
        // The shorthand of a flat message; a comma that no field's name follows belongs to the value.
        Row(
            command: [
                "CreateCheese", "--turn", "turn-time=2026-01-02T03:04:05Z,keeper=Zoé,remark=a, b=c, d,degrees=180",
                "--turns", #"{"keeper":"Léo"}"#,
            ],
            request:
                #"{"cheese":{"turns":[{"turnTime":"2026-01-02T03:04:05Z","keeper":"Zoé","remark":"a, b=c, d","degrees":180},{"keeper":"Léo"}]}}"#
        ),
        Row(command: ["GetCheese", "--", "--odd"], request: #"{"name":"--odd"}"#),
        Row(
            command: ["Turn", "cellars/c/cheeses/1", "--times", "2"],
            request: #"{"cheese":"cellars/c/cheeses/1","times":2}"#),
        // What changes is what was said, not what is set: wheels go back to nothing.
        Row(
            command: ["UpdateCheese", "cellars/c/cheeses/1", "--wheels", "0", "--etag", "e", "--title", "en=X"],
            request:
                #"{"cheese":{"name":"cellars/c/cheeses/1","wheels":0,"etag":"e","title":{"en":"X"}},"updateMask":"wheels,title"}"#
        ),
        Row(
            command: ["UpdateCheese", "c", "--wheels", "1", "--update-mask", "make_time,mass-grams"],
            request: #"{"cheese":{"name":"c","wheels":1},"updateMask":"makeTime,massGrams"}"#),
    ]

    @Test("a command line is one request", arguments: rows)
    func request(row: Row) throws {
        #expect(try Self.request(row.command).line == row.request)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let command: [String]
        let code: ExitCode
        let names: [String]
        var testDescription: String { command.joined(separator: " ") }
    }

    static let refusals: [Refusal] = [
        Refusal(command: ["CreateCheese", "--titel", "x"], code: .usage, names: ["--titel", "--title"]),
        Refusal(command: ["CreateCheese", "--jsn"], code: .usage, names: ["--jsn", "--json"]),
        Refusal(command: ["CreateCheese", "-x"], code: .usage, names: ["-x"]),
        Refusal(command: ["CreateCheese", "--wheels"], code: .usage, names: ["--wheels"]),
        Refusal(command: ["CreateCheese", "--wheels", "--smelly"], code: .usage, names: ["--wheels"]),
        Refusal(command: ["CreateCheese", "a", "b"], code: .usage, names: ["b"]),
        Refusal(command: ["CreateCheese", "--wheels", "1", "--wheels", "2"], code: .usage, names: ["--wheels"]),
        Refusal(command: ["CreateCheese", "--wheels", "many"], code: .invalidArgument, names: ["--wheels", "many"]),
        Refusal(command: ["CreateCheese", "--wheels", "2147483648"], code: .invalidArgument, names: ["2147483647"]),
        Refusal(command: ["CreateCheese", "--milk", "coww"], code: .invalidArgument, names: ["coww", "COW"]),
        Refusal(command: ["CreateCheese", "--milk", "yak"], code: .invalidArgument, names: ["yak", "MOUNTAIN_GOAT"]),
        Refusal(command: ["CreateCheese", "--label", "novalue"], code: .invalidArgument, names: ["--label", "k=v"]),
        Refusal(command: ["CreateCheese", "--ripening", "soon"], code: .invalidArgument, names: ["soon", "1h30m"]),
        Refusal(command: ["CreateCheese", "--make-time", "today"], code: .invalidArgument, names: ["today"]),
        Refusal(
            command: ["CreateCheese", "--picture", "@/nowhere/at/all"], code: .notFound, names: ["/nowhere/at/all"]),
        Refusal(command: ["CreateCheese", "--picture", "%%%"], code: .invalidArgument, names: ["--picture"]),
        Refusal(command: ["CreateCheese", "--turn", "keepr=x"], code: .invalidArgument, names: ["keepr", "keeper"]),
        Refusal(command: ["CreateCheese", "--turn", "{"], code: .invalidArgument, names: ["--turn"]),
        // What the daemon sets has no flag.
        Refusal(command: ["CreateCheese", "--ancestor", "{}"], code: .usage, names: ["--ancestor"]),
        Refusal(command: ["CreateCheese", "--name", "x"], code: .usage, names: ["--name"]),
    ]

    @Test("a wrong command line names what is wrong and what may be meant, in both languages", arguments: refusals)
    func refusal(row: Refusal) throws {
        let failure = try #require(throws: Failure.self) { try Self.request(row.command) }
        #expect(failure.exitCode == row.code)
        for language in Language.allCases {
            let text = failure.report(for: Capture().console(language))
            for name in row.names { #expect(text.contains(name), "\(text)") }
        }
    }

    private static func request(_ command: [String]) throws -> JSON {
        let catalog = try DescriptorFixture.catalog()
        let method = try #require(catalog.method("fixture.cheeses.v1.Cheeses/\(command[0])"))
        let values = FieldValues(catalog: catalog, language: .fr, files: ArgumentFiles())
        return try RequestBuilder(flags: FlagSet(method, in: catalog), values: values)
            .request(Array(command.dropFirst()))
    }
}
