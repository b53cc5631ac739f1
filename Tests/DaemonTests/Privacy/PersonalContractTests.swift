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
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self
    let column: String

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
        let folder = try TemporaryFolder()
        var configuration = Configuration()
        (configuration.dataFolder, configuration.socketPath) = ("\(folder.path)/data", "\(folder.path)/socket")
        do throws(StartError) {
            let daemon = try await Daemon.start(
                configuration, modules: [ForgetfulModule(column: column)], environment: [:],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Timestamp(seconds: 1_795_528_800) })
            await daemon.stop()
            #expect(!isRefused)
        } catch {
            #expect(isRefused)
            #expect(error.description.contains("module forgetful") && error.description.contains(column))
        }
    }
}
