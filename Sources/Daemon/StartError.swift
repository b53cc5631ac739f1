public import EventLoop
public import Store

/// Why the daemon does not start: one sentence that names the thing.
public enum StartError: Error, CustomStringConvertible {
    case file(path: String, reason: String)
    case unknownGroup(String)
    case badAddress(String)
    case clearTCP(String)
    case auditKey(path: String)
    case tls(key: String, reason: String)
    case socket(EventLoopError)
    case loop(EventLoopError)
    case store(StoreError)
    case registry(RegistryError)
    case module(name: String, reason: String)
    case personalData(module: String, column: String)
    /// A module with a table that a board would leave behind without a word.
    case boardData(module: String, table: String)

    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .unknownGroup(let name): "listen.socket_group: there is no group \(name)"
        case .badAddress(let text): "listen.tcp: \(text.debugDescription) is not HOST:PORT with a numeric host"
        case .clearTCP(let text):
            "listen.tcp: \(text) would be served without TLS; set listen.tls_certificate; in clear only a loopback"
                + " address may be served, and only with listen.tcp_clear_on_loopback = true"
        case .auditKey(let path):
            "\(path): the log of events was chained with a key that is not there; put the file back"
        case .tls(let key, let reason): "\(key): \(reason)"
        case .socket(let error): "\(error)"
        case .loop(let error): "\(error)"
        case .store(.unknownModule(let name)):
            "\(StoreError.unknownModule(name)); if it is to stay so, list it in modules.retired"
        case .store(let error): "\(error)"
        case .registry(let error): "\(error)"
        case .module(let name, let reason): "module \(name): \(reason)"
        case .personalData(let module, let column):
            "module \(module) says that it holds nothing of people, but has the column \(column)"
        case .boardData(let module, let table):
            "module \(module) does not say whether a board that leaves takes the table \(table) along"
        }
    }
}
