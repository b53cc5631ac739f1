import EventLoop
import RPC
import Testing

@testable import CordeeCLI

#if canImport(Glibc)
    import Glibc
#endif

@Suite("failures are texts and exit codes")
struct FailureTests {
    static let codes: [(StatusCode, Int32)] = [
        (.ok, 0), (.cancelled, 1), (.unknown, 1), (.invalidArgument, 65), (.deadlineExceeded, 124), (.notFound, 66),
        (.alreadyExists, 73), (.permissionDenied, 77), (.resourceExhausted, 75), (.failedPrecondition, 73),
        (.aborted, 75), (.outOfRange, 65), (.unimplemented, 69), (.internal, 70), (.unavailable, 69), (.dataLoss, 70),
        (.unauthenticated, 77),
    ]

    @Test("each code of the daemon has its exit code", arguments: codes)
    func exitCode(code: StatusCode, number: Int32) {
        #expect(ExitCode(code).rawValue == number)
        #expect(Self.codes.count == StatusCode.allCases.count)
    }

    static var refused: Failure {
        var status = Status(
            .invalidArgument, "BAD_REQUEST", fr: "La demande est invalide.", en: "The request is invalid.",
            violations: [
                FieldViolation(field: "cheese.wheels", reason: "MINIMUM", fr: "au moins 1", en: "at least 1"),
                FieldViolation(field: "cheese.title", reason: "REQUIRED", fr: "obligatoire\u{1b}[2J", en: "required"),
            ], retryDelay: .seconds(3))
        status.requestID = "4bf92f3577b34da6a3ce929d0e0e4736"
        return .refused(status)
    }

    @Test(
        "a refusal tells the text, each wrong field, and for support the code, reason and call",
        arguments: Language.allCases)
    func report(language: Language) throws {
        let console = Capture().console(language, terminalWidth: 80, hasColour: true)
        try Golden.expect(Self.refused.report(for: console) + "\n", is: "refusal-\(language.rawValue)")
    }

    @Test("a refusal of the daemon ends the command with its exit code and nothing on the output")
    func command() async {
        let run = ScriptedRun { (_, _) throws(Failure) in throw Self.refused }
        #expect(await run.run(["cheeses", "list"]) == .invalidArgument)
        #expect(run.capture.output.isEmpty)
        #expect(run.capture.errors.contains("cheese.wheels: at least 1"))
    }

    @Test("an answer that is no JSON is a fault of the daemon")
    func oddAnswer() async {
        let run = ScriptedRun { (_, _) throws(Failure) in "{" }
        #expect(await run.run(["cheeses", "get", "x"]) == .internalFault)
    }

    @Test(
        "the language is that of the locale, French without one that Cordée speaks",
        arguments: [
            (environment: ["LANG": "en_CA.UTF-8"], language: Language.en),
            (environment: ["LANG": "C.UTF-8"], language: .fr),
            (environment: [:], language: .fr), (environment: ["LANG": "en_CA", "LC_ALL": "fr_CA"], language: .fr),
            (environment: ["LANG": "fr_CA", "LC_MESSAGES": "en"], language: .en),
            (environment: ["LC_ALL": "", "LANG": "en"], language: .en),
        ])
    func language(row: (environment: [String: String], language: Language)) {
        #expect(Surroundings(row.environment).language == row.language)
    }

    @Test("a socket that one may not open is not a daemon that is not there")
    func denied() {
        let denied = EventLoopError(operation: "connect", code: EACCES, detail: "/s")
        let absent = EventLoopError(operation: "connect", code: ENOENT, detail: "/s")
        #expect(SocketConnection.notConnected(.connectFailed(denied), to: "/s").exitCode == .notAllowed)
        #expect(SocketConnection.notConnected(.connectFailed(absent), to: "/s").exitCode == .unavailable)
        #expect(SocketConnection.notConnected(.connectTimeout(.unix(path: "/s")), to: "/s").exitCode == .unavailable)
    }
}
