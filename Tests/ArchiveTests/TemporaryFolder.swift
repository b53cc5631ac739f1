import FoundationEssentials
import Glibc

/// A folder of this test alone, gone with the value.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/cordee-archive-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "mkdtemp: \(errno)")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ content: [UInt8]) {
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fwrite(content, 1, content.count, file)
        fclose(file)
    }

    func makeFolder(_ name: String) { mkdir("\(path)/\(name)", 0o755) }
}
