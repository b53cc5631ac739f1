import FoundationEssentials
import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_cordee

@Suite struct GeneratorTests {
    @Test("the plug-in writes the files that are committed and that these tests compile")
    func golden() throws {
        let response = try LendingExample().generate()
        #expect(response.error.isEmpty)
        #expect(
            Set(response.file.map(\.name)) == [
                "Descriptors.swift", "Messages.swift", "lending.names.swift", "lending.service.swift",
                "lending.validation.swift",
            ])
        for file in response.file {
            let path = LendingExample.tests.appending(path: "GeneratorTests/Lending/\(file.name)")
            let golden = try String(contentsOf: path, encoding: .utf8)
            #expect(file.content == golden, "\(file.name) differs: run ops/generate and review what changed")
        }
    }

    @Test("what a method lacks stops the generation, with its name")
    func methods() throws {
        var example = try LendingExample()
        example.change(method: "Import") { $0.options.clearCordeeAPI_access() }
        #expect(
            example.generate().error == "lending.v1.Lending.Import: (cordee.api.v1.access) does not say who may call it"
        )
    }

    @Test("a rule that its field cannot have stops the generation, with the field's name")
    func rules() throws {
        var example = try LendingExample()
        example.change("Device", "count") { $0.CordeeAPI_rules.lengthMax = 3 }
        #expect(example.generate().error == "lending.v1.Device.count: length_max is for strings")

        example = try LendingExample()
        example.change("GetDeviceRequest", "name") { $0.CordeeAPI_rules.resource = "lending.v1/Devise" }
        #expect(
            example.generate().error
                == "lending.v1.GetDeviceRequest.name: no resource \"lending.v1/Devise\" with a pattern; "
                + "there are lending.v1/Device, lending.v1/Loan")
    }

    @Test("a resource whose type or pattern is wrong stops the generation")
    func resources() throws {
        for (type, pattern, problem) in [
            ("lending.v1/Devise", "boards/{board}/devices/{device}", "its resource type is \"lending.v1/Devise\""),
            ("lending.v1/Device", "boards/{board}/devices", "is not made of collections and {variables} in turn"),
            ("lending.v1/Device", "boards/board", "is not made of collections and {variables} in turn"),
        ] {
            var example = try LendingExample()
            let last = example.files.count - 1
            example.files[last].messageType[0].options.CordeeAPI_resource.type = type
            example.files[last].messageType[0].options.CordeeAPI_resource.pattern = pattern
            #expect(example.generate().error.contains(problem))
        }
    }

    @Test("an option that is not known, or one that is missing, is named")
    func parameters() throws {
        var example = try LendingExample()
        example.parameter = "Module=LendingAPI,File=lending.proto"
        #expect(example.generate().error == "--cordee_opt: unknown option \"File\"")
        example.parameter = "Module=LendingAPI"
        #expect(example.generate().error == "--cordee_opt: Files=… is missing")
    }
}
