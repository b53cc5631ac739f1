import CordeeAPI
import DirectoryAPI
import SwiftProtobuf
import Testing
import WorkshopsAPI

@Suite struct DescriptorsTests {
    private func files() throws -> [Google_Protobuf_FileDescriptorProto] {
        try CordeeAPIDescriptors.files() + DirectoryAPIDescriptors.files() + WorkshopsAPIDescriptors.files()
    }

    @Test("all targets together are a complete set, each file after those that it imports")
    func complete() throws {
        var known: Set<String> = []
        for file in try files() {
            #expect(known.isSuperset(of: file.dependency), "\(file.name)")
            #expect(known.insert(file.name).inserted, "\(file.name) is carried twice")
        }
        #expect(known.contains("google/rpc/error_details.proto") && known.contains("google/protobuf/descriptor.proto"))
    }

    @Test("every method says who may call it")
    func access() throws {
        let services = try files().flatMap(\.service)
        #expect(services.count == 17)
        for method in services.flatMap(\.method) {
            #expect(!method.options.CordeeAPI_access.allow.isEmpty, "\(method.name)")
            #expect(method.options.CordeeAPI_access.allow.allSatisfy { $0.role != .unspecified }, "\(method.name)")
        }
    }

    @Test("every file of a module names it, and every service and method has a comment")
    func comments() throws {
        for file in try files() where file.name.hasPrefix("cordee/") {
            let commented = Set(file.sourceCodeInfo.location.map(\.path))
            for (index, service) in file.service.enumerated() {
                #expect(!file.options.CordeeAPI_module.isEmpty)
                #expect(commented.contains([6, Int32(index)]), "\(service.name)")
                for number in service.method.indices {
                    #expect(commented.contains([6, Int32(index), 2, Int32(number)]), "\(service.method[number].name)")
                }
            }
        }
    }

    @Test("options show in JSON, as a client that knows no module reads them")
    func json() throws {
        let file = try #require(try WorkshopsAPIDescriptors.files().first)
        let json = try file.service[0].method[0].jsonString()
        #expect(json.contains("\"[cordee.api.v1.access]\":{\"allow\":[{\"role\":\"FACILITATOR\",\"over\":\"BOARD\"}"))
    }
}
