#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The zone files of a machine, `/usr/share/zoneinfo` by default: the one place of this target that reads a disk.
public struct ZoneInfoFolder: Sendable {
    private let path: String

    public init(path: String = "/usr/share/zoneinfo") { self.path = path }

    /// A zone's file, for `TimeZoneCatalog(load:)`; nil when there is no such regular file or it is too large to be one.
    public func load(_ name: String) -> [UInt8]? {
        let descriptor = open(path + "/" + name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= TZifReader.bytesMax
        else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let got = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { return }
                count += got
            }
        }
    }
}
