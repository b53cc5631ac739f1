#if !FUZZ
    import Glibc

    /// Without the fuzzer's runtime: runs inputs from files, to look at a finding in a debugger.
    @main
    enum Replay {
        static func main() {
            let arguments = CommandLine.arguments.dropFirst()
            guard let subject = arguments.first.flatMap(Subject.init), arguments.count > 1 else {
                print("usage: Fuzz SUBJECT FILE...\nsubjects: \(Subject.allCases.map(\.rawValue))")
                exit(64)
            }
            var failureCount: CInt = 0
            for path in arguments.dropFirst() {
                do {
                    guard let bytes = contents(of: path) else {
                        print("\(path): cannot be read")
                        exit(66)
                    }
                    try subject.run(bytes)
                } catch {
                    failureCount += 1
                    print("\(path): \(error)")
                }
            }
            exit(min(failureCount, 1))
        }

        private static func contents(of path: String) -> [UInt8]? {
            guard let file = fopen(path, "rb") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            while true {
                var chunk = [UInt8](repeating: 0, count: 65_536)
                let count = fread(&chunk, 1, chunk.count, file)
                guard count > 0 else { return ferror(file) == 0 ? bytes : nil }
                bytes += chunk.prefix(count)
            }
        }
    }
#endif
