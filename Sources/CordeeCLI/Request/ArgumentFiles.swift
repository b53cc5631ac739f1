import Archive
import RPC

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads what arguments refer to: `@FILE`, `@FOLDER`, `-` and `@-` for the standard input.
struct ArgumentFiles {
    /// The most bytes of a file. A call's frame has at most 4 MiB, and base64 makes three bytes four; a file may be as
    /// large as the frame, so that the daemon's own limit is what a person is told of.
    static let bytesMax = 4 << 20
    /// The same for a method that takes many messages: the file goes in pieces.
    static let streamBytesMax = 64 << 20

    /// The most bytes of a file for this command.
    var bytesMax = Self.bytesMax

    /// A value of a bytes field: `@FILE` as it is, `@FOLDER` as a zip that is the same for the same files, else base64.
    func bytes(_ text: String, label: String) throws(Failure) -> [UInt8] {
        guard text.hasPrefix("@") else {
            guard let bytes = Base64.decode(text) else {
                throw .value(Texts.wrongValue(label, text, expected: "@FILE, @FOLDER, base64"))
            }
            return bytes
        }
        let path = String(text.dropFirst())
        if path == "-" { return try Self.content(of: 0, path: path, bytesMax: bytesMax) }
        guard Self.isFolder(path) else { return try Self.content(of: path, bytesMax: bytesMax) }
        do throws(ArchiveError) {
            return try ZipWriter.packFolder(path)
        } catch {
            throw Self.failure(error, in: path)
        }
    }

    /// JSON for `-d`: `@FILE`, `-` for the standard input, else the text itself.
    func text(_ argument: String) throws(Failure) -> String {
        guard argument == "-" || argument.hasPrefix("@") else { return argument }
        let path = argument == "-" ? "/dev/stdin" : String(argument.dropFirst())
        let bytes = argument == "-" ? try Self.content(of: 0, path: "-") : try Self.content(of: path)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .value(Texts.notUTF8(path)) }
        return text
    }

    /// The content of a file.
    ///
    /// - Throws: `.here(.notFound)` naming the file, `.here(.invalidArgument)` for one that is too large.
    static func content(of path: String, bytesMax: Int = bytesMax) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotRead(path) }
        defer { close(descriptor) }
        return try content(of: descriptor, path: path, bytesMax: bytesMax)
    }

    private static func content(
        of descriptor: Int32, path: String, bytesMax: Int = bytesMax
    ) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= bytesMax {
            var got = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                got = read(descriptor, buffer.baseAddress, buffer.count)
                count = max(got, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw cannotRead(path) }
            if got == 0 { return bytes }
            bytes += chunk
        }
        throw .value(Texts.fileTooLarge(path, bytesMax: bytesMax))
    }

    private static func failure(_ error: ArchiveError, in folder: String) -> Failure {
        switch error {
        case .cannotRead(let path, let code): cannotRead(path, code)
        case .notRegular(let path): .value(Texts.cannotPack(folder, Texts.notRegular(path)))
        case .tooManyEntries(let max): .value(Texts.cannotPack(folder, Texts.tooManyFiles(max)))
        case .entryTooLarge(let path, let max): .value(Texts.fileTooLarge(path, bytesMax: max))
        case .totalTooLarge(let max): .value(Texts.fileTooLarge(folder, bytesMax: max))
        case .badName, .unsafePath, .duplicate, .notZip, .damaged, .encrypted, .unsupportedMethod, .ratioTooHigh,
            .cannotWrite:
            .value(Texts.cannotPack(folder, LocalizedText(fr: "\(error)", en: "\(error)")))
        }
    }

    private static func cannotRead(_ path: String, _ code: Int32 = errno) -> Failure {
        .here(.notFound, Texts.cannotRead(path, String(cString: strerror(code))))
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
