import Testing

@testable import CordeeCLI

#if canImport(Glibc)
    import Glibc
#endif

/// Texts that people read, kept in Tests/Fixtures/cli/golden. `CORDEE_GOLDEN=write swift test --filter CLITests` writes
/// them anew; their diff is read as prose.
enum Golden {
    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let path = "\(DescriptorFixture.folder)/golden/\(name).txt"
        if getenv("CORDEE_GOLDEN") != nil {
            let file = try #require(fopen(path, "w"), sourceLocation: sourceLocation)
            fputs(text, file)
            fclose(file)
        }
        let expected = String(decoding: try ArgumentFiles.content(of: path), as: UTF8.self)
        #expect(text == expected, sourceLocation: sourceLocation)
    }
}
