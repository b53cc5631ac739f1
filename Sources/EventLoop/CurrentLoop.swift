#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which loop the calling thread belongs to: one pointer per thread.
///
/// A pthread key and not a task-local or a dictionary: it is read at each entry point, and costs some 2 ns.
// Proof: the pointer is set by a thread for itself, to a loop that is alive until the same thread sets it back.
enum CurrentLoop {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "pthread_key_create: \(code)")
        return key
    }()

    static var pointer: UnsafeMutableRawPointer? { unsafe pthread_getspecific(key) }

    static func set(_ pointer: UnsafeRawPointer?) { unsafe pthread_setspecific(key, pointer) }
}
