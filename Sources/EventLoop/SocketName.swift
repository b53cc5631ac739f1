import CUV

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An address as the kernel takes it.
struct SocketName {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// - Throws: a path that is too long, empty or has a NUL; a host that is not numeric.
    init(_ address: SocketAddress, for operation: String) throws(EventLoopError) {
        switch address {
        case .unix(let path): try setPath(path, operation)
        case .tcp(let host, let port): try setHost(host, port, operation)
        }
    }

    /// The address that a socket is bound to; nil where there is none or it is of another family.
    init?(of socket: Int32) {
        var name = SocketName()
        let code = unsafe withUnsafeMutablePointer(to: &name.storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { storage in
                unsafe getsockname(socket, storage, &name.length)
            }
        }
        guard code == 0 else { return nil }
        self = name
    }

    /// The address of the other end of a connected socket.
    init?(peerOf socket: Int32) {
        var name = SocketName()
        let code = unsafe withUnsafeMutablePointer(to: &name.storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { storage in
                unsafe getpeername(socket, storage, &name.length)
            }
        }
        guard code == 0 else { return nil }
        self = name
    }

    private init() {}

    /// Where a TCP address comes from: of IPv4 the address, of IPv6 the first 64 bits, which are one network; nil for
    /// others. As bytes in hexadecimal or with dots.
    var network: String? {
        unsafe withUnsafeBytes(of: storage) { bytes in
            switch family {
            // struct sockaddr_in: family, port, then the address; sockaddr_in6 has the flow label before it.
            case AF_INET: unsafe bytes[4..<8].map { String($0) }.joined(separator: ".")
            case AF_INET6:
                unsafe bytes[8..<16].map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "::/64"
            default: nil
            }
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// Calls `body` with the pointer and length that bind and connect want.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    private mutating func setPath(_ path: String, _ operation: String) throws(EventLoopError) {
        let bytes = Array(path.utf8)
        let detail = SocketAddress.unix(path: path).description
        guard bytes.count <= SocketAddress.pathByteCountMax else {
            throw EventLoopError(
                operation: operation, code: ENAMETOOLONG,
                detail: "\(detail) (\(bytes.count) bytes, at most \(SocketAddress.pathByteCountMax))")
        }
        guard !bytes.isEmpty, !bytes.contains(0) else {
            throw EventLoopError(operation: operation, code: EINVAL, detail: detail)
        }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: bytes) }
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            unsafe withUnsafeBytes(of: name) { unsafe storage.copyMemory(from: $0) }
        }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
    }

    private mutating func setHost(_ host: String, _ port: UInt16, _ operation: String) throws(EventLoopError) {
        let isV6 = host.contains(":")
        length = socklen_t(isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutableBytes(of: &storage) { storage -> Int32 in
            guard let base = storage.baseAddress else { return EINVAL }
            return isV6
                ? unsafe uv_ip6_addr(host, Int32(port), base.assumingMemoryBound(to: sockaddr_in6.self))
                : unsafe uv_ip4_addr(host, Int32(port), base.assumingMemoryBound(to: sockaddr_in.self))
        }
        let detail = SocketAddress.tcp(host: host, port: port).description
        try check(operation, "\(detail) (the host must be a numeric address)", code)
    }

    /// Nil for a Unix socket without a path and for other families.
    var address: SocketAddress? {
        switch family {
        case AF_UNIX: path.map { .unix(path: $0) }
        case AF_INET, AF_INET6: hostAndPort
        default: nil
        }
    }

    private var path: String? {
        let offset = MemoryLayout<sa_family_t>.size
        guard Int(length) > offset else { return nil }
        let bytes = unsafe withUnsafeBytes(of: storage) { storage in
            unsafe Array(storage[offset..<Int(length)].prefix { $0 != 0 })
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private var hostAndPort: SocketAddress? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let port = unsafe withUnsafeBytes(of: storage) { storage -> UInt16? in
            guard let base = storage.baseAddress else { return nil }
            let code =
                family == AF_INET6
                ? unsafe uv_ip6_name(base.assumingMemoryBound(to: sockaddr_in6.self), &text, text.count)
                : unsafe uv_ip4_name(base.assumingMemoryBound(to: sockaddr_in.self), &text, text.count)
            // The port stands at the same place in both: after the family, in network order.
            return code == 0 ? unsafe UInt16(bigEndian: storage.load(fromByteOffset: 2, as: UInt16.self)) : nil
        }
        let host = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return port.map { .tcp(host: String(decoding: host, as: UTF8.self), port: $0) }
    }
}
