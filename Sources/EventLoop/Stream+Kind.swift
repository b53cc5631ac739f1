import CUV

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Stream {
    /// Which libuv handle a socket needs.
    enum Kind {
        case unix, tcp

        init(_ address: SocketAddress) {
            switch address {
            case .unix: self = .unix
            case .tcp: self = .tcp
            }
        }

        init?(of socket: Int32) {
            switch SocketName(of: socket)?.family {
            case AF_UNIX: self = .unix
            case AF_INET, AF_INET6: self = .tcp
            default: return nil
            }
        }

        var byteCount: Int {
            switch self {
            case .unix: unsafe MemoryLayout<uv_pipe_t>.size
            case .tcp: unsafe MemoryLayout<uv_tcp_t>.size
            }
        }

        func open(_ handle: UnsafeMutablePointer<uv_stream_t>, on uv: UnsafeMutablePointer<uv_loop_t>) -> Int32 {
            let raw = UnsafeMutableRawPointer(handle)
            switch self {
            case .unix: return unsafe uv_pipe_init(uv, raw.assumingMemoryBound(to: uv_pipe_t.self), 0)
            case .tcp:
                let tcp = unsafe raw.assumingMemoryBound(to: uv_tcp_t.self)
                let code = unsafe uv_tcp_init(uv, tcp)
                // Answers are written whole, so there is nothing to wait for. libuv keeps it for the socket to come.
                if code == 0 { unsafe uv_tcp_nodelay(tcp, 1) }
                return code
            }
        }

        func adopt(_ socket: Int32, by handle: UnsafeMutablePointer<uv_stream_t>) -> Int32 {
            let raw = UnsafeMutableRawPointer(handle)
            switch self {
            case .unix: return unsafe uv_pipe_open(raw.assumingMemoryBound(to: uv_pipe_t.self), socket)
            case .tcp: return unsafe uv_tcp_open(raw.assumingMemoryBound(to: uv_tcp_t.self), socket)
            }
        }
    }
}
