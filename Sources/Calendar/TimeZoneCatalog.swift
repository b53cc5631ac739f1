import Threading

/// Why a zone cannot be had.
public enum TimeZoneError: Error, Hashable, Sendable {
    /// Not written as an IANA name is: `Area/City`.
    case badName(String)
    /// Well written, but there is no such zone.
    case unknown(String)
    /// Its file is broken.
    case malformed(String, TZifError)
}

/// The zones by IANA name, each read once and kept; passed around as a value, safe on every thread.
public final class TimeZoneCatalog: Sendable {
    /// Loads a zone's file by its name; nil when there is none. Called at most a few times for each name.
    public typealias Loader = @Sendable (String) -> [UInt8]?

    /// The IANA data has some 600 names; beyond this bound a zone is read again at each use instead of being kept.
    private static let zonesMax = 1024

    private let load: Loader
    private let zones = Lock<[String: TimeZoneRules]>([:])

    public init(load: @escaping Loader) { self.load = load }

    /// The rules of a zone.
    ///
    /// The name is checked before the loader sees it, so that no name leads out of its folder. Names are case-sensitive.
    public func rules(for name: String) throws(TimeZoneError) -> TimeZoneRules {
        if let kept = zones.withLock({ $0[name] }) { return kept }
        guard Self.isName(name) else { throw .badName(name) }
        guard let bytes = load(name) else { throw .unknown(name) }
        let rules: TimeZoneRules
        do throws(TZifError) { rules = try TimeZoneRules(tzif: bytes) } catch { throw .malformed(name, error) }
        zones.withLock { zones in
            if zones.count < Self.zonesMax { zones[name] = rules }
        }
        return rules
    }

    /// Whether a text is written as a zone's name: one to three parts of letters, digits, `_`, `-` and `+`, the first of
    /// them with a capital letter in front. (`posix/…`, `right/…` and files such as `zone.tab` are none.)
    public static func isName(_ name: String) -> Bool {
        guard name.utf8.count <= 64, let first = name.utf8.first, (65...90).contains(first) else { return false }
        let parts = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        return parts.count <= 3
            && parts.allSatisfy { part in
                part.first.map { $0 != 0x2D && $0 != 0x2B } ?? false
                    && part.allSatisfy {
                        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
                            || $0 == 0x5F || $0 == 0x2D || $0 == 0x2B
                    }
            }
    }
}
