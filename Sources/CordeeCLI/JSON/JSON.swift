/// A JSON value whose objects keep the order in which their members were put.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One member of an object.
    struct Member: Equatable, Sendable {
        var name: String
        var value: JSON
    }

    /// A member of an object; nil for none and for what is not an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array; what is not an array has none.
    var elements: [JSON] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The members of an object; what is not an object has none.
    var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// Puts a value where a path of names leads, and makes the objects on the way.
    mutating func set(_ path: some Collection<String>, to value: JSON) {
        guard let name = path.first else {
            self = value
            return
        }
        var members = members
        let index = members.firstIndex { $0.name == name } ?? members.count
        if index == members.count { members.append(Member(name: name, value: .object([]))) }
        members[index].value.set(path.dropFirst(), to: value)
        self = .object(members)
    }
}
