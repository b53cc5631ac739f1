import CordeeCLI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

let surroundings = Surroundings.ofProcess()
let tool = CommandLineTool(console: .standard(surroundings), surroundings: surroundings)
exit(await tool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
