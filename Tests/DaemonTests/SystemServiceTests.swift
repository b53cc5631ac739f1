import CordeeAPI
import DirectoryAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("What the daemon tells of itself")
struct SystemServiceTests {
    @Test("its health names the store and each module")
    func health() async throws {
        let daemon = try await DaemonProcess.serving()
        let report = try await daemon.client().call(HealthMethods.check, .init())
        #expect(report.state == .serving)
        #expect(report.parts.map(\.part) == ["store", "directory", "workshops"])
        #expect(report.parts.allSatisfy { $0.state == .serving && $0.reason.isEmpty })
    }

    @Test("its metrics count calls by method, and announce each limit")
    func metrics() async throws {
        let daemon = try await DaemonProcess.serving(settings: [
            "rpc.calls_max": "777", "directory.roster_ratio_max": "55",
        ])
        let client = try await daemon.client()
        for _ in 0..<3 { _ = try await client.call(SystemMethods.getInfo, .init()) }
        _ = try await client.refusal(of: IdentityMethods.createToken, .init())
        let all = try await client.call(MetricsMethods.listMetrics, .init()).metrics
        func value(_ name: String, _ label: String, _ content: String) -> Int64? {
            all.first { $0.name == name && $0.labels[label] == content }?.value
        }
        #expect(value("cordee_calls_answered_total", "method", "cordee.system.v1.System/GetInfo") == 3)
        #expect(value("cordee_calls_duration_us", "method", "cordee.system.v1.System/GetInfo") == 3)
        #expect(value("cordee_calls_failed_total", "method", "cordee.system.v1.Identity/CreateToken") == 1)
        #expect(value("cordee_limit", "key", "rpc.calls_max") == 777)
        #expect(value("cordee_limit", "key", "directory.roster_ratio_max") == 55)
        #expect(all.allSatisfy { !$0.help.isEmpty })
    }

    @Test("ops/README.md lists each limit")
    func limitsAreListed() async throws {
        let daemon = try await DaemonProcess.serving()
        let metrics = try await daemon.client().call(MetricsMethods.listMetrics, .init()).metrics
        let keys = metrics.filter { $0.name == "cordee_limit" }.compactMap { $0.labels["key"] }
        let page = try Fixture.text("../../ops/README.md")
        #expect(keys.count > 15)
        // Those of a module stand in one line.
        for key in keys where !key.hasPrefix("directory.") { #expect(page.contains("`\(key)`"), "\(key)") }
    }

    @Test("it lists each method with who may call it and whether it only reads")
    func services() async throws {
        let daemon = try await DaemonProcess.serving()
        let services = try await daemon.client().call(ReflectionMethods.listServices, .init()).services
        #expect(services.map(\.name) == services.map(\.name).sorted())
        let workshops = try #require(services.first { $0.name == "cordee.workshops.v1.Workshops" })
        let create = try #require(workshops.methods.first { $0.name == "CreateWorkshop" })
        #expect(!create.readOnly)
        #expect(create.access.allow.map(\.role) == [.facilitator, .technopedagogue, .boardLead])
        #expect(create.access.allow.allSatisfy { $0.over == .board })
        #expect(workshops.methods.first { $0.name == "GetWorkshop" }?.readOnly == true)
    }

    @Test("its descriptors are complete: each file after all that it imports")
    func descriptors() async throws {
        let daemon = try await DaemonProcess.serving()
        let files = try await daemon.client().call(ReflectionMethods.getDescriptors, .init()).files
        var known: Set<String> = []
        for file in files {
            #expect(known.isSuperset(of: file.dependency), "\(file.name)")
            known.insert(file.name)
        }
        let ours = files.filter { $0.package.hasPrefix("cordee.") }.map(\.name)
        #expect(
            Set(ours).isSuperset(of: [
                "cordee/api/v1/annotations.proto", "cordee/system/v1/system.proto",
                "cordee/directory/v1/directory.proto", "cordee/workshops/v1/workshops.proto",
            ]))
        #expect(known.count == files.count)
    }

    @Test("its descriptors carry a comment for each service, method, message and field of ours")
    func comments() async throws {
        let daemon = try await DaemonProcess.serving()
        let files = try await daemon.client().call(ReflectionMethods.getDescriptors, .init()).files
        for file in files where file.package.hasPrefix("cordee.") {
            let commented = Set(
                file.sourceCodeInfo.location.filter { !$0.leadingComments.isEmpty }.map(\.path))
            // Numbers of fields in descriptor.proto: a file's messages are 4, services 6; a message's fields and a
            // service's methods are 2.
            for (index, message) in file.messageType.enumerated() {
                #expect(commented.contains([4, Int32(index)]), "\(message.name)")
                for (number, field) in message.field.enumerated() {
                    #expect(commented.contains([4, Int32(index), 2, Int32(number)]), "\(message.name).\(field.name)")
                }
            }
            for (index, service) in file.service.enumerated() {
                #expect(commented.contains([6, Int32(index)]), "\(service.name)")
                for (number, method) in service.method.enumerated() {
                    #expect(commented.contains([6, Int32(index), 2, Int32(number)]), "\(method.name)")
                }
            }
        }
    }

    @Test("one symbol gives its file and what that imports; an unknown one is not found")
    func symbols() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await daemon.client()
        for symbol in [
            "cordee.workshops.v1.Workshops", "cordee.workshops.v1.Workshops/Register", "cordee.workshops.v1.Workshop",
            "cordee.workshops.v1.Workshop.State",
        ] {
            let files = try await client.call(ReflectionMethods.getDescriptors, .with { $0.symbol = symbol }).files
            #expect(files.last?.name == "cordee/workshops/v1/workshops.proto")
            #expect(!files.contains { $0.name.hasPrefix("cordee/directory") })
            #expect(Set(files.map(\.name)).isSuperset(of: files.flatMap(\.dependency)))
        }
        let status = try await client.refusal(
            of: ReflectionMethods.getDescriptors, .with { $0.symbol = "no.such.Thing" })
        #expect(status.code == .notFound)
    }

    @Test("it tells callers who they are")
    func whoAmI() async throws {
        let scenario = try await Scenario.start()
        let runner = try await scenario.operator.call(SystemMethods.whoAmI, .init())
        #expect(runner.person.isEmpty)
        #expect(runner.roles.map(\.role) == [.operator])
        let facilitator = try await scenario.facilitator.call(SystemMethods.whoAmI, .init())
        #expect(facilitator.person == scenario.facilitatorName)
        #expect(facilitator.displayName == "Solène Pâquet")
        #expect(Set(facilitator.roles.map(\.role)) == [.staff, .facilitator])
        #expect(Set(facilitator.roles.map(\.scope)) == [scenario.board])
        let lead = try await scenario.lead.call(SystemMethods.whoAmI, .init())
        #expect(Set(lead.roles.filter { $0.role == .boardLead }.map(\.scope)) == Set(scenario.boards))
    }
}
