/// Where a socket listens or connects to.
public enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// A path in the file system, at most `pathByteCountMax` bytes.
    case unix(path: String)
    /// A numeric IPv4 or IPv6 address, without brackets; port 0 asks the kernel for a free one when listening.
    case tcp(host: String, port: UInt16)

    /// Linux, unix(7): `sun_path` has 108 bytes, the last one is NUL.
    public static let pathByteCountMax = 107

    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp:[\(host)]:\(port)" : "tcp:\(host):\(port)"
        }
    }
}
