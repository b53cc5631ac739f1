import Logging
import TLS

/// A value that can be written in a file, the environment or a flag.
protocol SettingValue: Sendable {
    /// What is expected, for an error: "a whole number".
    static var form: String { get }
    init?(setting text: String)
    var settingText: String { get }
}

extension String: SettingValue {
    static var form: String { "a text" }
    init?(setting text: String) { self = text }
    var settingText: String { self }
}

extension Int: SettingValue {
    static var form: String { "a whole number, bytes also as 64KiB, 4MiB or 1GiB" }

    init?(setting text: String) {
        let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
        if let (unit, shift) = units.first(where: { text.hasSuffix($0.0) }) {
            guard let number = Int(text.dropLast(unit.utf8.count)), number >= 0, number < 1 << 30 else { return nil }
            self = number << shift
        } else {
            guard let number = Int(text) else { return nil }
            self = number
        }
    }

    var settingText: String { String(self) }
}

extension Bool: SettingValue {
    static var form: String { "true or false" }
    init?(setting text: String) { self.init(text) }
    var settingText: String { description }
}

extension Duration: SettingValue {
    static var form: String { "a length of time: 250ms, 30s, 5m, 48h" }

    init?(setting text: String) {
        let units: [(String, Int64)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
        for (unit, milliseconds) in units where text.hasSuffix(unit) {
            guard let number = Int64(text.dropLast(unit.utf8.count)), (0...1_000_000_000).contains(number) else {
                continue
            }
            self = .milliseconds(number * milliseconds)
            return
        }
        return nil
    }

    var settingText: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}

/// The permission bits of a file, written in octal: "0o660".
public struct FileMode: SettingValue {
    static var form: String { "permissions in octal: 0o660" }
    public let bits: UInt32

    public init(bits: UInt32) { self.bits = bits }

    init?(setting text: String) {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        guard let bits = UInt32(digits, radix: 8), bits <= 0o777 else { return nil }
        self.bits = bits
    }

    var settingText: String { "0o" + String(bits, radix: 8) }
}

extension Logger.Level: SettingValue {
    static var form: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    init?(setting text: String) { self.init(rawValue: text) }
    var settingText: String { rawValue }
}

extension LineLogHandler.Format: SettingValue {
    static var form: String { "text or json" }
    init?(setting text: String) { self.init(rawValue: text) }
    var settingText: String { rawValue }
}

extension ClientCertificates: SettingValue {
    static var form: String { "none, optional or required" }
    init?(setting text: String) { self.init(rawValue: text) }
    var settingText: String { rawValue }
}

/// Names of modules, written with commas between: "workshops,portfolio".
public struct ModuleNames: SettingValue {
    static var form: String { "names of modules with commas between" }
    public let names: Set<String>

    public init(_ names: Set<String> = []) { self.names = names }

    init?(setting text: String) {
        let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
        guard words.allSatisfy(ModuleRegistry.isName) else { return nil }
        names = Set(words)
    }

    var settingText: String { names.sorted().joined(separator: ",") }
}

/// Written with commas between: "0,1000".
extension [Int]: SettingValue {
    static var form: String { "whole numbers with commas between" }

    init?(setting text: String) {
        let numbers = text.split(separator: ",").map { Int($0.drop { $0 == " " }) }
        guard numbers.allSatisfy({ $0 != nil }) else { return nil }
        self = numbers.compactMap { $0 }
    }

    var settingText: String { map(String.init).joined(separator: ",") }
}
