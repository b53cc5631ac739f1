import Daemon
import ModuleKit
import Testing

/// A module of nothing but a name and what it requires.
private struct BareModule: DomainModule {
    let personalData = PersonalData.none
    let boardData = BoardData([])
    let name: String
    var requires: [String] = []
    let version = "1.0.0"
    let migrations: [Migration] = []
    let descriptors: any DescriptorSource.Type = CordeeAPIDescriptors.self

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { [] }
}

@Suite("The module registry")
struct ModuleRegistryTests {
    @Test("starts each module after what it requires, else in the order given")
    func order() throws {
        let registry = try ModuleRegistry([
            BareModule(name: "d", requires: ["b", "c"]), BareModule(name: "a"),
            BareModule(name: "c", requires: ["b"]), BareModule(name: "b"),
        ])
        #expect(registry.modules.map(\.name) == ["b", "c", "d", "a"])
    }

    @Test("names the modules of a cycle, those alone")
    func cycle() {
        let error = #expect(throws: RegistryError.self) {
            try ModuleRegistry([
                BareModule(name: "z", requires: ["a"]), BareModule(name: "a", requires: ["b"]),
                BareModule(name: "b", requires: ["c"]), BareModule(name: "c", requires: ["a"]),
            ])
        }
        #expect(error == .cycle(["a", "b", "c", "a"]))
        #expect(error?.description == "modules require each other: a → b → c → a")
        #expect(throws: RegistryError.cycle(["a", "a"])) {
            try ModuleRegistry([BareModule(name: "a", requires: ["a"])])
        }
    }

    @Test("names a missing requirement and who requires it")
    func missing() {
        let error = #expect(throws: RegistryError.self) {
            try ModuleRegistry([BareModule(name: "workshops", requires: ["directory"])])
        }
        #expect(error == .missing("directory", requiredBy: "workshops"))
        #expect(error?.description == "the module workshops requires the module directory, which is not there")
    }

    @Test("leaves out what is turned off, but for its tables, and refuses what requires it")
    func disabled() throws {
        let modules = [BareModule(name: "b", requires: ["a"]), BareModule(name: "a"), BareModule(name: "c")]
        let registry = try ModuleRegistry(modules, disabled: ["b"])
        #expect(registry.modules.map(\.name) == ["a", "c"])
        #expect(registry.installed.map(\.name) == ["a", "b", "c"])
        #expect(try ModuleRegistry(modules, disabled: ["a", "b"]).modules.map(\.name) == ["c"])
        #expect(throws: RegistryError.disabled("a", requiredBy: "b")) { try ModuleRegistry(modules, disabled: ["a"]) }
        #expect(throws: RegistryError.unknownDisabled("d")) { try ModuleRegistry(modules, disabled: ["d", "b"]) }
        #expect(throws: RegistryError.retiredIsThere("c")) { try ModuleRegistry(modules, retired: ["c", "gone"]) }
        #expect(try ModuleRegistry(modules, retired: ["gone"]).retired == ["gone"])
    }

    @Test(
        "refuses a name that is taken or no prefix of tables", arguments: ["", "Abc", "a_b", "a-b", "1a", "é"])
    func names(name: String) {
        #expect(throws: RegistryError.badName(name)) { try ModuleRegistry([BareModule(name: name)]) }
        #expect(throws: RegistryError.duplicate("a")) {
            try ModuleRegistry([BareModule(name: "a"), BareModule(name: "b"), BareModule(name: "a")])
        }
    }

    @Test("takes fifty modules in any order", arguments: [1, 7, 13])
    func many(step: Int) throws {
        let modules = (0..<50).map { index in
            let number = index * step % 50
            return BareModule(name: "m\(number)", requires: number == 0 ? [] : ["m\(number - 1)"])
        }
        #expect(try ModuleRegistry(modules).modules.map(\.name) == (0..<50).map { "m\($0)" })
    }
}
