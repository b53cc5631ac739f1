import CordeeAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import Testing

/// The generated checks of the example, as a daemon runs them.
@Suite struct GeneratedChecksTests {
    private func problems(of message: some Validated) -> [String] {
        var violations = Violations()
        message.validate(&violations)
        return violations.all.map { "\($0.field): \($0.reason)" }
    }

    private let device = Lending_Device.with {
        $0.name = "boards/b/devices/d"
        $0.title = ["fr": "iPad"]
        $0.kind = .tablet
        $0.count = 2
    }

    @Test("what is empty and required is named, field by field")
    func required() {
        #expect(problems(of: Lending_Device()) == ["title: REQUIRED", "kind: REQUIRED", "count: REQUIRED"])
        #expect(problems(of: Lending_ImportRequest()) == ["file: REQUIRED", "languages: REQUIRED"])
        #expect(problems(of: device).isEmpty)
    }

    @Test("each rule is checked where the value lies, in the order of the proto file")
    func paths() {
        let loan = Lending_Loan.with {
            $0.name = "boards/b/devices/d"
            $0.startLocal = "2026-11-24 15:45"
            $0.zone = "america/toronto"
            $0.emails = ["a@b.ca", "a b", "abcdefghijklm@nopq.ca"]
            $0.note = "5 car"
            $0.keep = .init(seconds: 1, nanos: -1)
            $0.size = 4.5
            $0.self_p = "îles"
        }
        let good = Lending_Loan.with { $0.startLocal = "2026-11-24T15:45:00" }
        let request = Lending_ImportRequest.with {
            $0.of = "boards/b/devices"
            $0.file = Data(count: 9)
            $0.devices = [
                "b": device,
                "a\n": Lending_Device.with {
                    $0.title = ["fr_CA": "iPad", "en": "tablet"]
                    $0.kind = .UNRECOGNIZED(7)
                    $0.count = 10
                    $0.loans = [good, loan, good, good]
                },
            ]
            $0.kinds = [.tablet, .UNRECOGNIZED(-1)]
            $0.languages = ["fr", "123"]
        }
        let inner = "devices[\"a\"].loans[1]"
        #expect(
            problems(of: request) == [
                "of: BAD_NAME", "file: TOO_LONG", "devices[\"a\"].title[\"en\"]: TOO_LONG",
                "devices[\"a\"].title[\"fr_CA\"]: BAD_FORMAT", "devices[\"a\"].kind: UNKNOWN_VALUE",
                "devices[\"a\"].count: OUT_OF_RANGE", "devices[\"a\"].loans: TOO_MANY", "\(inner).name: BAD_NAME",
                "\(inner).start_local: BAD_FORMAT", "\(inner).zone: BAD_FORMAT", "\(inner).emails[1]: BAD_FORMAT",
                "\(inner).emails[2]: TOO_LONG", "\(inner).note: TOO_LONG", "\(inner).keep: OUT_OF_RANGE",
                "\(inner).size: OUT_OF_RANGE", "\(inner).self: TOO_LONG", "kinds[1]: UNKNOWN_VALUE",
                "languages[1]: BAD_FORMAT",
            ])
    }

    @Test("an instant that no calendar of four digits shows is refused")
    func timestamp() {
        var loan = Lending_Loan.with { $0.startLocal = "2026-11-24T15:45:00" }
        loan.returned = .init(seconds: 253_402_300_800)
        #expect(problems(of: loan) == ["returned: OUT_OF_RANGE"])
        loan.returned = .init(seconds: 253_402_300_799, nanos: 999_999_999)
        #expect(problems(of: loan).isEmpty)
    }

    @Test("a change needs the name and what its mask names, and no more")
    func change() {
        var request = Lending_UpdateDeviceRequest()
        #expect(problems(of: request) == ["device: REQUIRED"])
        request.device.title = ["fr": "iPad"]
        #expect(problems(of: request) == ["device.name: REQUIRED"])
        request.device.name = "boards/b/devices/"
        #expect(problems(of: request) == ["device.name: BAD_NAME"])
        request.device.name = "boards/b/devices/d"
        #expect(problems(of: request).isEmpty)
        request.updateMask.paths = ["title", "count"]
        #expect(problems(of: request) == ["device.count: REQUIRED"])
        request.updateMask.paths = ["*"]
        #expect(problems(of: request) == ["device.kind: REQUIRED", "device.count: REQUIRED"])
        request.updateMask.paths = ["titel"]
        #expect(problems(of: request) == ["update_mask.paths[0]: UNKNOWN_VALUE"])
    }

    @Test("a method tells its resource: by name, of what is updated, or of a field that names one")
    func resources() {
        #expect(LendingMethods.getDevice.resourceName(.with { $0.name = "n" }) == "n")
        #expect(LendingMethods.updateDevice.resourceName(.with { $0.device.name = "d" }) == "d")
        #expect(LendingMethods.import.resourceName(.with { $0.of = "o" }) == "o")
        #expect(LendingMethods.getDevice.isReadOnly && !LendingMethods.updateDevice.isReadOnly)
    }

    @Test("names are read and written, and know what they lie in")
    func names() throws {
        let name = try #require(LoanName("boards/b/devices/d/loans/l"))
        #expect(name == LoanName(board: "b", device: "d", loanID: "l"))
        #expect(name.description == "boards/b/devices/d/loans/l")
        #expect(name.parent == DeviceName(board: "b", device: "d"))
        #expect(name.parent.parent == BoardName(board: "b"))
        #expect(LoanName("boards/b/devices/d") == nil)
    }

    @Test("every handler is bound to its method, by how it runs")
    func bindings() throws {
        struct TestContexts: HandlerContexts {
            typealias Read = Int
            typealias Write = String
            typealias Wait = Bool
        }
        struct Handlers: LendingService {
            typealias Contexts = TestContexts

            func getDevice(_ request: Lending_GetDeviceRequest, _ call: Int) throws -> Lending_Device { .init() }
            func updateDevice(_ request: Lending_UpdateDeviceRequest, _ call: String) throws -> Lending_Device {
                .init()
            }
            func `import`(_ request: Lending_ImportRequest, _ call: Bool) async throws -> Lending_ImportResponse {
                .init()
            }
        }
        let bindings: [MethodBinding<TestContexts>] = Handlers().bindings
        #expect(bindings.map(\.name) == ["GetDevice", "UpdateDevice", "Import"])
        #expect(Set(bindings.map(\.service)) == ["lending.v1.Lending"])
    }

    @Test("messages have their names of the proto file")
    func messages() {
        typealias API = LendingMessages
        #expect(API.Device.self == Lending_Device.self && API.Device.Kind.tablet == Lending_Device.Kind.tablet)
    }

    @Test("the descriptors carry the options and the comments")
    func descriptors() throws {
        let file = try #require(try LendingAPIDescriptors.files().first)
        #expect(file.name == "lending.proto" && file.options.CordeeAPI_module == "lending")
        #expect(file.service[0].method[2].options.CordeeAPI_handling == .waits)
        #expect(file.sourceCodeInfo.location.contains { $0.leadingComments == " Shows one device.\n" })
    }
}
