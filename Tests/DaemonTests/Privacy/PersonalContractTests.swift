import CordeeAPI
import Daemon
import Logging
import ModuleKit
import TestKit
import Testing

/// A module that stores people and says that it does not.
private struct ForgetfulModule: DomainModule {
    let name = "forgetful"
    let version = "1.0.0"
    let personalData = PersonalData.none
    var leftOut = [LeftOutTable("forgetful_loans", fr: "Un essai.", en: "A trial.")]
    var boardData: BoardData { BoardData([], leftOut: leftOut) }
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    var column: String

    var migrations: [Migration] {
        [Migration("loans", "CREATE TABLE forgetful_loans (id TEXT PRIMARY KEY, \(column) TEXT NOT NULL) STRICT;")]
    }

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { [] }
}

@Suite("The privacy contract of modules")
struct PersonalContractTests {
    @Test(
        "a module with a column that names people does not start when it says that it holds none",
        arguments: [("person_id", true), ("lender_person_id", true), ("persons", false), ("book_id", false)])
    func columns(column: String, isRefused: Bool) async throws {
        let refusal = try await Self.refusal(of: ForgetfulModule(column: column))
        #expect((refusal != nil) == isRefused)
        if let refusal { #expect(refusal.contains("module forgetful") && refusal.contains(column)) }
    }

    @Test("a module with a table that a leaving board neither takes along nor leaves with a reason does not start")
    func tables() async throws {
        let refusal = try await Self.refusal(of: ForgetfulModule(leftOut: [], column: "book_id"))
        #expect(refusal?.contains("module forgetful") == true && refusal?.contains("forgetful_loans") == true)
        #expect(try await Self.refusal(of: ForgetfulModule(column: "book_id")) == nil)
    }

    /// Why a daemon with the module does not start; nil if it does.
    private static func refusal(of module: ForgetfulModule) async throws -> String? {
        let folder = try TemporaryFolder()
        var configuration = Configuration()
        (configuration.dataFolder, configuration.socketPath) = ("\(folder.path)/data", "\(folder.path)/socket")
        do throws(StartError) {
            let daemon = try await Daemon.start(
                configuration, modules: [module], environment: [:],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(seconds: 1_795_528_800) })
            await daemon.stop()
            return nil
        } catch {
            return error.description
        }
    }
}
