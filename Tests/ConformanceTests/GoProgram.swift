import FoundationEssentials
import TestKit

/// A program in Go, built from the packages that Debian ships: nothing is downloaded.
enum GoProgram {
    struct Missing: Error, CustomStringConvertible {
        let file: String
        let package: String
        var description: String { "\(file) is missing: apt-get install \(package)" }
    }

    struct NotBuilt: Error, CustomStringConvertible {
        let lines: [String]
        var description: String { lines.joined(separator: "\n") }
    }

    private static let compiler = "/usr/bin/go"
    private static let library = "/usr/share/gocode"
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "go").path

    /// Builds a file of the folder `go`; gives the path of the program.
    static func build(_ file: String, in folder: TemporaryFolder) async throws -> String {
        try require(compiler, from: "golang-go")
        try require("\(library)/src/github.com/containerd/ttrpc/client.go", from: "golang-github-containerd-ttrpc-dev")
        var environment = ChildProcess.environment.filter { !$0.key.hasPrefix("GO") }
        environment.merge([
            "GO111MODULE": "off", "GOPATH": library, "GOFLAGS": "", "GOCACHE": "\(folder.path)/cache",
            "GOENV": "off", "HOME": folder.path, "CGO_ENABLED": "0",
        ]) { $1 }
        let program = "\(folder.path)/conformance"
        let build = try ChildProcess(
            compiler, ["build", "-o", program, "\(sources)/\(file)"], environment: environment, readsOutput: true)
        guard try await build.exitCode() == 0 else { throw NotBuilt(lines: build.lines) }
        return program
    }

    private static func require(_ file: String, from package: String) throws {
        guard FileManager.default.fileExists(atPath: file) else { throw Missing(file: file, package: package) }
    }
}
