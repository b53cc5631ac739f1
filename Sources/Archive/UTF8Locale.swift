#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs `body` with this thread's character set being UTF-8.
///
/// libarchive converts names from and to the set of the thread's locale. A daemon runs in the `C` locale, where every
/// name with an accent would be lost. `uselocale` changes this thread alone, `setlocale` would change the process.
func withUTF8Locale<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard let utf8 = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) else { return try body() }
    let before = unsafe uselocale(utf8)
    defer {
        unsafe _ = uselocale(before)
        unsafe freelocale(utf8)
    }
    return try body()
}
