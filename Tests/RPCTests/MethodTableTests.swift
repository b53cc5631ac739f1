import Testing

@testable import RPC

@Suite("Method table")
struct MethodTableTests {
    private static func method(_ service: String, _ name: String) -> ServerMethod {
        ServerMethod(service: service, name: name, handle: { _, _ in })
    }

    private static func lookup(_ table: MethodNames, _ service: String, _ method: String) -> MethodNames.Match {
        let (service, method) = (Array(service.utf8), Array(method.utf8))
        return table.lookup(service: service.span.bytes, method: method.span.bytes)
    }

    @Test("each method of many is found, and none that is not there", arguments: [1, 2, 7, 300])
    func findsAll(count: Int) {
        let names = (0..<count).map { (service: "cordee.s\($0 / 5).v1.Service", name: "Method\($0)") }
        let table = MethodNames(names)
        for (index, name) in names.enumerated() {
            #expect(Self.lookup(table, name.service, name.name) == .method(index))
            #expect(Self.lookup(table, name.service, name.name + "x") == .unknownMethod)
            #expect(Self.lookup(table, name.service, "") == .unknownMethod)
            #expect(Self.lookup(table, name.service + "x", name.name) == .unknownService)
        }
        #expect(Self.lookup(table, "", "") == .unknownService)
    }

    @Test("service and method do not run together")
    func boundary() {
        let table = MethodNames([("ab", "c")])
        #expect(Self.lookup(table, "a", "bc") == .unknownService)
        #expect(Self.lookup(table, "ab", "c") == .method(0))
    }

    @Test("an empty table knows nothing")
    func empty() {
        #expect(Self.lookup(MethodNames([]), "a", "b") == .unknownService)
    }

    @Test("a name that comes twice is refused")
    func duplicate() {
        #expect(throws: MethodTable.Duplicate(service: "a", name: "b")) {
            _ = try MethodTable([Self.method("a", "b"), Self.method("a", "c"), Self.method("a", "b")])
        }
    }
}
