import CordeeAPI
import FoundationEssentials
import ModuleKit
import SwiftProtobuf

/// A person by id, and the board whose person they are.
struct PersonRef: Sendable, Hashable {
    static let pattern: ResourcePattern = "boards/{board}/people/{person}"

    var board: String
    var person: String

    init(board: String, person: String) { (self.board, self.person) = (board, person) }

    /// Nil for what is no person's name.
    init?(name: String) {
        guard let ids = Self.pattern.ids(in: name), ids[0] != "-", ids[1] != "-" else { return nil }
        self.init(board: ids[0], person: ids[1])
    }

    var name: String { "boards/\(board)/people/\(person)" }
}

/// Which people an answer shows, by what the protos say: fields whose rules name the resource of a person, and the names
/// of such resources themselves. So no handler says it, and none can forget to.
struct PersonFinder: Sendable {
    /// The numbers of such fields by the full name of their message.
    let fields: [String: Set<Int>]
    /// Whether there is a resource of a person at all: a daemon without a directory has none.
    let knowsPeople: Bool
    /// Messages that are a person's record, or lead to one.
    private let showing: Set<String>
    /// Messages that lead to such fields, through the messages in them.
    private let reaching: Set<String>

    init(_ files: [Google_Protobuf_FileDescriptorProto]) {
        var messages: [(name: String, message: Google_Protobuf_DescriptorProto)] = []
        func collect(_ message: Google_Protobuf_DescriptorProto, _ prefix: String) {
            let name = prefix.isEmpty ? message.name : "\(prefix).\(message.name)"
            messages.append((name, message))
            for nested in message.nestedType { collect(nested, name) }
        }
        for file in files { for message in file.messageType { collect(message, file.package) } }

        let isPerson = { (message: Google_Protobuf_DescriptorProto) in
            message.options.CordeeAPI_resource.pattern == PersonRef.pattern.text
        }
        let types = Set(messages.map(\.message).filter(isPerson).map(\.options.CordeeAPI_resource.type))
        knowsPeople = !types.isEmpty
        showing = Self.leading(to: Set(messages.filter { isPerson($0.message) }.map(\.name)), messages)
        var fields: [String: Set<Int>] = [:]
        for (name, message) in messages {
            for field in message.field where field.type == .string {
                let isName = field.name == "name" && isPerson(message)
                guard isName || types.contains(field.options.CordeeAPI_rules.resource) else { continue }
                fields[name, default: []].insert(Int(field.number))
            }
        }
        self.fields = fields
        reaching = Self.leading(to: Set(fields.keys), messages)
    }

    /// Whether an answer of the type may name people.
    func mayName(peopleIn message: String) -> Bool { reaching.contains(message) }

    /// Whether an answer of the type shows a person's whole record.
    func shows(recordsIn message: String) -> Bool { showing.contains(message) }

    func people(in message: some SwiftProtobuf.Message) -> Set<PersonRef> {
        var visitor = PersonVisitor(fields: fields, message: type(of: message).protoMessageName)
        // Proof that nothing is hidden: only what the visitor's own functions throw is thrown, and they throw nothing.
        try? message.traverse(visitor: &visitor)
        return visitor.found
    }

    private static func leading(
        to ends: Set<String>, _ messages: [(name: String, message: Google_Protobuf_DescriptorProto)]
    ) -> Set<String> {
        var reaching = ends
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for (name, message) in messages where !reaching.contains(name) {
                // Types of fields are written with a dot before them.
                guard message.field.contains(where: { reaching.contains(String($0.typeName.dropFirst())) }) else {
                    continue
                }
                reaching.insert(name)
                isGrowing = true
            }
        }
        return reaching
    }
}

/// Walks through a message and its parts, and collects the people that its fields name.
private struct PersonVisitor: Visitor {
    let fields: [String: Set<Int>]
    var message: String
    var found: Set<PersonRef> = []

    init(fields: [String: Set<Int>], message: String) { (self.fields, self.message) = (fields, message) }

    private mutating func take(_ name: String, _ number: Int) {
        guard let person = fields[message]?.contains(number) == true ? PersonRef(name: name) : nil else { return }
        found.insert(person)
    }

    private mutating func enter(_ part: some SwiftProtobuf.Message) throws {
        let outer = message
        message = type(of: part).protoMessageName
        try part.traverse(visitor: &self)
        message = outer
    }

    mutating func visitSingularStringField(value: String, fieldNumber: Int) throws { take(value, fieldNumber) }

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) throws { try enter(value) }

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type,
        value: _ProtobufMessageMap<KeyType, ValueType>.BaseType, fieldNumber: Int
    ) throws {
        for part in value.values { try enter(part) }
    }

    // What names nobody.
    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) throws {}
    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) throws {}
    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) throws {}
    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) throws {}
    mutating func visitSingularBytesField(value: Data, fieldNumber: Int) throws {}
    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) throws {}
    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type, value: _ProtobufMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws {}
    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type, value: _ProtobufEnumMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws where ValueType.RawValue == Int {}
    mutating func visitUnknown(bytes: Data) throws {}
}
