import TestKit
import Testing

@testable import CordeeCLI

#if canImport(Glibc)
    import Glibc
#endif

@Suite("the program against a real socket", .timeLimit(.minutes(10)))
struct ProcessTests {
    @Test("a module that the client has never seen: create, list, print, help")
    func unseenModule() async throws {
        try await FakeDaemon.run { daemon in
            let environment = ["CORDEE_SOCKET": daemon.socket, "LANG": "en_CA.UTF-8"]
            func cordee(_ words: String...) async throws -> ClientProcess.Result {
                try await ClientProcess.run(words, environment: environment, in: daemon.folder)
            }
            let none = try await cordee("cheeses", "list")
            #expect((none.exitCode, none.output, none.errors) == (0, "", "No results.\n"))
            let made = try await cordee(
                "cheeses", "create-cheese", "--title", "Blue", "--title", "fr=Bleu", "--milk", "cow", "--wheels", "3",
                "--print", "name")
            #expect((made.exitCode, made.output, made.errors) == (0, "cellars/c/cheeses/1\n", ""))
            let second = try await cordee("cheeses", "create", "--title", "Goat", "--json")
            #expect(second.output == "{\"name\":\"cellars/c/cheeses/2\",\"title\":{\"en\":\"Goat\"}}\n")
            let list = try await cordee("cheeses", "list")
            #expect(
                list.output == """
                    TITLE  MILK  WHEELS  TURN TIME  NAME
                    Blue   COW        3             cellars/c/cheeses/1
                    Goat              0             cellars/c/cheeses/2

                    """)
            let help = try await cordee("--help")
            #expect(help.exitCode == 0)
            #expect(help.output.contains("  cheeses  Cheeses and their cellar."))
            let french = try await cordee("--lang", "fr", "cheeses", "create", "--help")
            #expect(french.output.contains("Puts a cheese into the cellar."))
            #expect(french.output.contains("Emploi : cordee cheeses create [PARENT]"))
            let services = try await cordee("services")
            #expect(services.output.contains("fixture.cheeses.v1.Cheeses/Turn"))
        }
    }

    @Test("the token comes from a file or the environment, the language from the locale or the option")
    func metadata() async throws {
        try await FakeDaemon.run { daemon in
            let file = try daemon.folder.write("from-file\n", to: "token")
            let other = try daemon.folder.write("from-option\n", to: "other")
            let get = ["cheeses", "get", "x", "--print", "labels"]
            func labels(_ environment: [String: String], _ more: [String] = []) async throws -> String {
                let environment = environment.merging(["CORDEE_SOCKET": daemon.socket]) { $1 }
                return try await ClientProcess.run(get + more, environment: environment, in: daemon.folder).output
            }
            #expect(try await labels([:]) == "authorization=, language=fr\n")
            #expect(
                try await labels(["CORDEE_TOKEN": "from-env", "LC_ALL": "en"])
                    == "authorization=Bearer from-env, language=en\n")
            #expect(
                try await labels(["CORDEE_TOKEN": "from-env", "CORDEE_TOKEN_FILE": file])
                    == "authorization=Bearer from-file, language=fr\n")
            let absent = try await ClientProcess.run(
                get, environment: ["CORDEE_SOCKET": daemon.socket, "CORDEE_TOKEN_FILE": "/nowhere/token"],
                in: daemon.folder)
            #expect(absent.exitCode == 66)
            #expect(absent.errors.contains("/nowhere/token"))
            #expect(
                try await labels(["CORDEE_TOKEN_FILE": file], ["--token-file", other, "--lang", "en"])
                    == "authorization=Bearer from-option, language=en\n")
        }
    }

    @Test("a refusal, a deadline and a request from the standard input")
    func outcomes() async throws {
        try await FakeDaemon.run { daemon in
            func cordee(_ words: [String], input: String = "") async throws -> ClientProcess.Result {
                try await ClientProcess.run(["--socket", daemon.socket] + words, input: input, in: daemon.folder)
            }
            let missing = try await cordee(["cheeses", "update", "x", "--wheels", "1"])
            #expect(missing.exitCode == 66)
            #expect(missing.output.isEmpty)
            #expect(missing.errors.hasPrefix("cordee: Ce fromage n'existe pas.\nNOT_FOUND  CHEESE_NOT_FOUND  "))
            let late = try await cordee(["--timeout", "30ms", "cheeses", "turn", "x"])
            #expect(late.exitCode == 124)
            let made = try await cordee(
                ["call", "Cheeses/CreateCheese", "-d", "-", "--json"], input: #"{"cheese":{"wheels":2}}"#)
            #expect(made.output == "{\"name\":\"cellars/c/cheeses/1\",\"wheels\":2}\n")
            let unserved = try await cordee(["whoami"])
            #expect(unserved.exitCode == 69)
        }
    }

    @Test(
        "a command whose connection is lost before the answer is sent again: a read, and a write that is carried out once"
    )
    func lostAnswer() async throws {
        try await FakeDaemon.run { daemon in
            for (words, method, output) in [
                (["create", "--title", "Blue", "--print", "name"], "CreateCheese", "cellars/c/cheeses/1\n"),
                (["list", "--print", "name"], "ListCheeses", "cellars/c/cheeses/1\n"),
            ] {
                let relay = try await LossyRelay(to: daemon.socket, in: daemon.folder, losing: method, times: 2)
                let result = try await ClientProcess.run(
                    ["--socket", relay.socketPath, "cheeses"] + words, in: daemon.folder)
                #expect((result.exitCode, result.output, result.errors) == (0, output, ""))
                #expect(relay.lostCount == 2)
            }
        }
    }

    @Test("a command that is repeated by hand with its key is carried out once, and one that is lost for good says so")
    func ownKey() async throws {
        try await FakeDaemon.run { daemon in
            func create(_ words: String..., socket: String? = nil) async throws -> ClientProcess.Result {
                let words = ["--socket", socket ?? daemon.socket, "cheeses", "create", "--print", "name"] + words
                return try await ClientProcess.run(words, in: daemon.folder)
            }
            #expect(try await create("--idempotency-key", "mine").output == "cellars/c/cheeses/1\n")
            #expect(try await create("--idempotency-key=mine").output == "cellars/c/cheeses/1\n")
            #expect(try await create().output == "cellars/c/cheeses/2\n")
            #expect(try await create().output == "cellars/c/cheeses/3\n")
            let relay = try await LossyRelay(
                to: daemon.socket, in: daemon.folder, losing: "CreateCheese", times: .max)
            let lost = try await create(socket: relay.socketPath)
            #expect(lost.exitCode == 69)
            #expect(lost.errors.hasPrefix("cordee: la connexion au démon a été coupée avant la réponse\n"))
            #expect(relay.lostCount == 4)
        }
    }

    @Test("without a daemon the client's own commands are still listed, and one line says what is missing")
    func noDaemon() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/none"
        let environment = ["CORDEE_SOCKET": socket, "LANG": "en_CA.UTF-8"]
        let help = try await ClientProcess.run(["--help"], environment: environment, in: folder)
        #expect(help.exitCode == 0)
        for command in OwnCommand.shown { #expect(help.output.contains(command.words.joined(separator: " "))) }
        #expect(help.output.contains("No daemon answers at"))
        #expect(help.errors.isEmpty)
        for words in [["cheeses", "list"], ["health"], ["services"], ["call", "A/B"]] {
            let failed = try await ClientProcess.run(words, environment: environment, in: folder)
            #expect(failed.exitCode == 69)
            #expect(failed.errors.contains(socket))
        }
        let path = String(repeating: "x", count: 200)
        let long = try await ClientProcess.run(["health", "--socket", "/tmp/\(path)"], environment: [:], in: folder)
        #expect(long.exitCode == 69)
        #expect(long.errors.contains(path))
    }

    @Test("output that cannot be written is a failure, not a silent half")
    func fullDisk() async throws {
        let folder = try TemporaryFolder()
        let result = try await ClientProcess.run(["--lang", "en", "version"], output: "/dev/full", in: folder)
        #expect(result.exitCode == 74)
        #expect(result.errors == "cordee: the output could not be written in full\n")
    }

    @Test("a folder as bytes is a zip, the same for the same files")
    func folderAsBytes() async throws {
        try await FakeDaemon.run { daemon in
            let folder = try daemon.folder.makeFolder("roster")
            try daemon.folder.write("a,b\n", to: "roster/b.csv")
            try daemon.folder.write("c\n", to: "roster/a.csv")
            var pictures: [String] = []
            for _ in 0..<2 {
                let made = try await ClientProcess.run(
                    ["--socket", daemon.socket, "cheeses", "create", "--picture", "@" + folder, "--print", "picture"],
                    in: daemon.folder)
                #expect(made.exitCode == 0, "\(made.errors)")
                pictures.append(made.output)
            }
            #expect(pictures[0] == pictures[1])
            // "PK", the head of a zip.
            #expect(pictures[0].hasPrefix("UEsDB"))
        }
    }

    @Test("the program holds no word of a module")
    func noModuleWord() throws {
        let program = ClientProcess.program
        let bytes = try Self.bytes(of: program)
        for word in ["orkshop", "OneRoster", "cordee.directory", "fixture.cheeses"] {
            #expect(!Self.contains(bytes, Array(word.utf8)), "\(word)")
        }
        // The search finds what is there.
        #expect(Self.contains(bytes, Array("cordee.system.v1.Reflection".utf8)))
    }

    @Test("the program is not linked with the store's libraries")
    func noStoreLibrary() throws {
        // DT_NEEDED entries are names in .dynstr, which is in the file as it is.
        let bytes = try Self.bytes(of: ClientProcess.program)
        for library in ["libsqlite3", "libicui18n", "sqlite3_open"] {
            #expect(!Self.contains(bytes, Array(library.utf8)), "\(library)")
        }
        #expect(Self.contains(bytes, Array("libuv.so".utf8)))
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    private static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            var offset = 0
            while let found = memchr(start + offset, Int32(word[0]), bytes.count - offset) {
                offset = start.distance(to: UnsafeRawPointer(found))
                guard offset + word.count <= bytes.count else { return false }
                if memcmp(start + offset, word, word.count) == 0 { return true }
                offset += 1
            }
            return false
        }
    }
}
