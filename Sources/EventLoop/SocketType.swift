import CUV

/// Flags of socket(2) and accept4(2): each descriptor of ours is non-blocking and not inherited by child processes.
enum SocketType {
    static let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    static let stream = Int32(SOCK_STREAM.rawValue) | flags
}
