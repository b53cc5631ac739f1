#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A thread of the operating system that runs one function to its end and must be joined.
public struct Thread: ~Copyable, Sendable {
    private let handle: pthread_t

    /// The thread could not be made (`pthread_create`); `code` is an errno.
    public struct StartError: Error {
        public let code: Int32
    }

    /// Starts `main` on a new thread; `name` (at most 15 bytes, Linux) is what debuggers and `ps -L` show.
    ///
    /// All signals are blocked in it: they belong to the loop that asked for them.
    public static func start(name: String, _ main: @escaping @Sendable () -> Void) throws(StartError) -> Thread {
        let context = unsafe Unmanaged.passRetained(Start(name: name, main: main))
        var handle = pthread_t()
        let code = unsafe pthread_create(&handle, nil, runThread, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw StartError(code: code)
        }
        return Thread(handle: handle)
    }

    /// Waits for the thread's function to return.
    public consuming func join() { pthread_join(handle, nil) }

    fileprivate final class Start: Sendable {
        let name: String
        let main: @Sendable () -> Void
        init(name: String, main: @escaping @Sendable () -> Void) { (self.name, self.main) = (name, main) }
    }
}

/// The C entry point: takes over the reference that `Thread.start` retained.
private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<Thread.Start>.fromOpaque(context).takeRetainedValue()
    nameCurrentThread(start.name)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    start.main()
    return nil
}

/// `pthread_setname_np` is a GNU extension that Swift's Glibc module hides; the kernel offers the same as a file.
private func nameCurrentThread(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    var name = String(name.prefix(15))
    name.withUTF8 { bytes in _ = unsafe write(file, bytes.baseAddress, bytes.count) }
    close(file)
}
