#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Who opened the other end of a Unix socket, as the kernel saw it then (`SO_PEERCRED`, unix(7)).
public struct PeerCredentials: Sendable, Equatable {
    public let uid: UInt32
    public let gid: UInt32
    /// The process may have ended since and its number be another's: for logs, never for a decision.
    public let pid: Int32

    public init(uid: UInt32, gid: UInt32, pid: Int32) { (self.uid, self.gid, self.pid) = (uid, gid, pid) }

    /// Nil when `socket` is not a connected Unix socket: the kernel then says -1. (A pid of 0 is another pid namespace.)
    init?(of socket: Int32) {
        // `struct ucred` is a GNU extension that Swift's Glibc module hides: pid, uid, gid, 32 bits each.
        var credentials: InlineArray<3, UInt32> = [0, 0, 0]
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        let code = unsafe getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
        guard code == 0, Int(length) == MemoryLayout.size(ofValue: credentials), credentials[1] != .max else {
            return nil
        }
        (pid, uid, gid) = (Int32(bitPattern: credentials[0]), credentials[1], credentials[2])
    }
}
