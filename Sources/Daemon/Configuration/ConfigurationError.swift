/// What is wrong with the configuration, and where.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case unknownKey(String, nearest: String?, origin: String)
    case badValue(key: String, value: String, form: String, origin: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .unknownKey(let key, let nearest?, let origin): "\(origin): unknown key \(key); did you mean \(nearest)?"
        case .unknownKey(let key, nil, let origin): "\(origin): unknown key \(key)"
        case .badValue(let key, let value, let form, let origin):
            "\(origin): \(key) = \(value.debugDescription) is not \(form)"
        }
    }
}
