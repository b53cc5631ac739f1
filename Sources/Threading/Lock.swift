#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A lock that guards a value: the value can only be reached while the lock is held.
///
/// It is a `pthread_mutex_t`, not `Synchronization.Mutex`: the thread sanitizer does not understand the latter and
/// reports races in correct programs. Decide under the lock, act after it: no callback, no resumption and no system
/// call belongs inside `withLock`.
// Proof: `value` is touched only between lock and unlock of `mutex`, and the closure cannot let a reference to it
// escape, since it is `inout`; what it returns is `sending`, so it is not part of the guarded value any more.
@safe
public final class Lock<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    public init(_ value: sending Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        self.value = value
        let code = unsafe pthread_mutex_init(mutex, nil)
        precondition(code == 0, "pthread_mutex_init: \(code)")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    public func withLock<Result, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Waits on `condition`, with the lock released meanwhile, until `isDone` holds for the value, then runs `body`.
    public func wait<Result>(
        on condition: Condition,
        until isDone: (borrowing Value) -> Bool,
        then body: (inout sending Value) -> sending Result
    ) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while !isDone(value) { unsafe condition.wait(mutex) }
        return body(&value)
    }
}

/// What threads wait on for a change of a `Lock`'s value; `Lock.wait` is the only way to wait.
// Proof: a `pthread_cond_t` is made for use from any thread; the pointer never changes between init and deinit.
@safe
public final class Condition: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<pthread_cond_t>

    public init() {
        unsafe handle = .allocate(capacity: 1)
        unsafe handle.initialize(to: pthread_cond_t())
        let code = unsafe pthread_cond_init(handle, nil)
        precondition(code == 0, "pthread_cond_init: \(code)")
    }

    deinit {
        unsafe pthread_cond_destroy(handle)
        unsafe handle.deallocate()
    }

    public func signal() { unsafe pthread_cond_signal(handle) }
    public func broadcast() { unsafe pthread_cond_broadcast(handle) }

    fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>) { unsafe pthread_cond_wait(handle, mutex) }
}
