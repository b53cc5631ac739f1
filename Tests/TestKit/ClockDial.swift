public import Calendar

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Moves the clock of a daemon that was started with a test clock; a call returns once the daemon shows the instant.
public final class ClockDial: Sendable {
    public struct Refused: Error {
        public let line: String
        public let code: Int32
    }

    private let socket: Int32

    /// Connects to the clock's socket.
    public init(path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard code == 0 else { throw Refused(line: "connect \(path)", code: errno) }
    }

    deinit { close(socket) }

    /// Where it stands.
    public var now: Timestamp { get throws { try ask("now") } }

    @discardableResult
    public func advance(by length: Duration) throws -> Timestamp {
        try ask("advance \((Timestamp(microseconds: 0) + length).microseconds)")
    }

    @discardableResult
    public func set(_ instant: Timestamp) throws -> Timestamp { try ask("set \(instant.microseconds)") }

    private func ask(_ line: String) throws -> Timestamp {
        let text = Array("\(line)\n".utf8)
        guard send(socket, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else {
            throw Refused(line: line, code: errno)
        }
        var answer: [UInt8] = []
        while answer.last != UInt8(ascii: "\n") {
            var byte: UInt8 = 0
            guard recv(socket, &byte, 1, 0) == 1 else { throw Refused(line: line, code: errno) }
            answer.append(byte)
        }
        guard let instant = Int64(String(decoding: answer.dropLast(), as: UTF8.self)) else {
            throw Refused(line: line, code: 0)
        }
        return Timestamp(microseconds: instant)
    }
}
