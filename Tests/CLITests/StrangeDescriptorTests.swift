import RPC
import SwiftProtobuf
import TestSupport
import Testing

@testable import CordeeCLI

@Suite("strange descriptors are shown as far as they go, and never end the client")
struct StrangeDescriptorTests {
    @Test("descriptors with wrong names, kinds and references at random places", arguments: UInt64(0)..<40)
    func damaged(seed: UInt64) async throws {
        var random = Random(seed: seed)
        let files = try DescriptorFixture.files().map { file in
            var file = file
            for index in file.messageType.indices { damage(&file.messageType[index], &random) }
            for service in file.service.indices {
                for method in file.service[service].method.indices where random.chance(of: 4) {
                    file.service[service].method[method].inputType = random.name()
                    file.service[service].method[method].outputType = random.name()
                    file.service[service].method[method].name = random.name()
                }
            }
            for index in file.sourceCodeInfo.location.indices where random.chance(of: 10) {
                file.sourceCodeInfo.location[index].path = [4, -1, Int32.max]
            }
            return file
        }
        useAll(of: Catalog(files))
    }

    private func damage(_ message: inout Google_Protobuf_DescriptorProto, _ random: inout Random) {
        for index in message.field.indices where random.chance(of: 4) {
            switch random.next() % 6 {
            case 0: message.field[index].name = random.name()
            case 1: message.field[index].typeName = random.name()
            case 2:
                message.field[index].type =
                    Google_Protobuf_FieldDescriptorProto.TypeEnum(rawValue: Int(random.next() % 18) + 1) ?? .message
            case 3: message.field[index].label = .repeated
            case 4: message.field[index].jsonName = ""
            default: message.field[index].number = Int32(truncatingIfNeeded: random.next())
            }
        }
        for index in message.nestedType.indices { damage(&message.nestedType[index], &random) }
    }

    /// Everything that the client does with descriptors, on an answer that has each of its fields.
    private func useAll(of catalog: Catalog) {
        let console = Capture().console(terminalWidth: 40)
        for module in catalog.modules {
            #expect(!ModuleHelp(module: module, console: console).lines().isEmpty)
            for command in module.commands {
                let help = MethodHelp(module: module, command: command, catalog: catalog, console: console)
                #expect(!help.lines().isEmpty)
                _ = ResultPrinter.listField(of: command.method, in: catalog)
                let values = FieldValues(catalog: catalog, language: .fr, files: ArgumentFiles())
                let flags = FlagSet(command.method, in: catalog)
                let builder = RequestBuilder(flags: flags, values: values)
                for flag in flags.flags { _ = try? builder.request(["--\(flag.name)=a=1,b=2"]) }
            }
        }
        let description = SymbolDescription(catalog: catalog, console: console)
        for name in description.names where !name.hasPrefix("google.") { _ = try? description.lines(of: name) }
        // descriptor.proto is left out: it is large, and refers to itself so often that its answers grow without end.
        for message in catalog.messages.values where !message.fullName.hasPrefix("google.") {
            let value = answer(for: message, catalog, depth: 4)
            _ = Block(catalog: catalog, language: .fr, width: 40).lines(value, of: message)
            _ = ResourceTable(message: message, catalog: catalog, language: .fr).table([value]).lines(width: 3)
            _ = value.ordered(as: message, in: catalog).line
        }
    }

    private func answer(for message: MessageType, _ catalog: Catalog, depth: Int) -> JSON {
        var value = JSON.object([])
        guard depth > 0 else { return value }
        for field in message.fields {
            let inner = catalog.message(of: field).flatMap { $0.fullName.hasPrefix("google.") ? nil : $0 }
            let one = inner.map { answer(for: $0, catalog, depth: depth - 1) } ?? .string("x")
            value.set([field.jsonName], to: field.isRepeated ? .array([one, one]) : one)
        }
        return value
    }

    @Test("a message whose nested messages are as deep as the parser allows")
    func deepNesting() {
        var message = Google_Protobuf_DescriptorProto()
        for depth in 0..<90 {
            var outer = Google_Protobuf_DescriptorProto()
            outer.name = "M\(depth)"
            outer.nestedType = [message]
            message = outer
        }
        let file = Google_Protobuf_FileDescriptorProto.with { $0.messageType = [message] }
        #expect(Catalog([file]).messages.count == 91)
    }
}

extension Random {
    mutating func chance(of one: UInt64) -> Bool { next() % one == 0 }

    mutating func name() -> String {
        let names = [
            "", ".", "..", "x", "\u{1b}[2J", ".fixture.cheeses.v1.Cheese", ".fixture.cheeses.v1.CreateCheeseRequest",
            ".google.protobuf.Timestamp", "json", "--", "é", "name", String(repeating: "long_", count: 200),
        ]
        return names[Int(next() % UInt64(names.count))]
    }
}
