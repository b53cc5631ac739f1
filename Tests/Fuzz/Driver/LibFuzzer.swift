#if FUZZ
    import Glibc

    /// Called by libFuzzer's own `main` with each input; the subject is named by the environment, since libFuzzer
    /// takes all arguments for its own.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func runOneInput(_ start: UnsafePointer<UInt8>?, _ byteCount: Int) -> CInt {
        guard let subject = Chosen.subject else {
            print("FUZZ_SUBJECT must be one of: \(Subject.allCases.map(\.rawValue).joined(separator: ", "))")
            exit(64)
        }
        do {
            try subject.run(Array(UnsafeBufferPointer(start: start, count: byteCount)))
        } catch {
            print("\(subject.rawValue): \(error)")
            // libFuzzer keeps the input of a process that aborts.
            abort()
        }
        return 0
    }

    /// Read once: looking into the environment for each input is slow.
    private enum Chosen {
        static let subject = getenv("FUZZ_SUBJECT").flatMap { Subject(rawValue: String(cString: $0)) }
    }
#endif
