import Glibc
public import ModuleKit
import TOMLKit

/// Builds the configuration from its four sources, later ones over earlier ones: built-in values, file, environment,
/// flags.
public struct ConfigurationLoader: Sendable {
    /// A file in TOML; nil for none.
    public var file: String?
    public var environment: [String: String]
    /// Pairs of a key and a value, as `--set KEY=VALUE` gives them.
    public var flags: [(key: String, value: String)]
    /// What the modules of this daemon may be set to.
    public var moduleSettings: [String: [ModuleSetting]]

    public init(
        file: String?, environment: [String: String], flags: [(key: String, value: String)],
        moduleSettings: [String: [ModuleSetting]]
    ) {
        self.file = file
        self.environment = environment
        self.flags = flags
        self.moduleSettings = moduleSettings
    }

    /// - Throws: an error that names the source, the key and, for an unknown key, the nearest known one.
    public func load() throws(ConfigurationError) -> Configuration {
        var configuration = Configuration()
        let settings = self.settings
        if let file {
            for (key, value) in try Self.pairs(ofFile: file) {
                try Self.apply(key, value, from: file, settings, to: &configuration)
            }
        }
        for (variable, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard let key = Self.key(of: variable, settings) else { continue }
            try Self.apply(key, value, from: variable, settings, to: &configuration)
        }
        for (key, value) in flags { try Self.apply(key, value, from: "--set", settings, to: &configuration) }
        return configuration
    }

    /// A sample configuration: each key with its meaning and its built-in value, commented out.
    public var sample: String {
        let defaults = Configuration()
        var section = ""
        var lines = ["# All keys of cordeed with their built-in values. Environment: CORDEE_ and the key, in capitals,"]
        lines.append(
            "# with _ for each dot. Flags: --set KEY=VALUE. Flags win over environment, environment over file.")
        for setting in settings {
            let parts = setting.key.split(separator: ".")
            let (head, name) = (parts.dropLast().joined(separator: "."), parts.last ?? "")
            if head != section { lines += ["", "[\(head)]"] }
            section = head
            let text = setting.text(defaults)
            let isBare = setting.number != nil || text == "true" || text == "false"
            lines.append("# \(setting.documentation)")
            lines.append("# \(name) = \(isBare ? text : String(reflecting: text))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var settings: [Setting] {
        Setting.all
            + moduleSettings.sorted { $0.key < $1.key }.flatMap { module, declared in
                declared.map { Setting(module: module, $0) }
            }
    }

    /// The key that a variable of the environment sets; nil for one that is not the daemon's.
    ///
    /// A variable with the name of a section is the daemon's, so that a misspelt one is told: CORDEE_RPC_CALS_MAX.
    private static func key(of variable: String, _ settings: [Setting]) -> String? {
        if let known = settings.first(where: { Setting.variable(for: $0.key) == variable }) { return known.key }
        let section = settings.first { setting in
            variable.hasPrefix(Setting.variable(for: String(setting.key.prefix { $0 != "." })) + "_")
        }?.key.prefix { $0 != "." }
        return section.map { section in
            "\(section).\(variable.dropFirst("CORDEE_".count + section.count + 1).lowercased())"
        }
    }

    private static func apply(
        _ key: String, _ value: String, from origin: String, _ settings: [Setting],
        to configuration: inout Configuration
    ) throws(ConfigurationError) {
        guard let setting = settings.first(where: { $0.key == key }) else {
            let nearest = settings.map { (editDistance(key, $0.key), $0.key) }.min { $0 < $1 }
            throw .unknownKey(key, nearest: nearest.flatMap { $0.0 <= 8 ? $0.1 : nil }, origin: origin)
        }
        guard setting.set(&configuration, value) else {
            throw .badValue(key: key, value: value, form: setting.form, origin: origin)
        }
    }

    private static func pairs(ofFile path: String) throws(ConfigurationError) -> [(key: String, value: String)] {
        guard let text = readText(path) else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        do {
            return flatten(try TOMLTable(string: text), below: "")
        } catch {
            throw .unreadable(path: path, reason: "not TOML: \(error)")
        }
    }

    private static func flatten(_ table: TOMLTable, below prefix: String) -> [(key: String, value: String)] {
        table.keys.sorted().flatMap { key -> [(key: String, value: String)] in
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if let inner = table[key]?.table { return flatten(inner, below: path) }
            if let list = table[key]?.array {
                return [(path, list.map { scalar($0.tomlValue) }.joined(separator: ","))]
            }
            return [(path, table[key].map { scalar($0.tomlValue) } ?? "")]
        }
    }

    private static func scalar(_ value: TOMLValue) -> String {
        value.string ?? value.int.map(String.init) ?? value.bool.map(String.init) ?? value.debugDescription
    }
}

/// The whole of a small text file; nil, with `errno` set, if it cannot be read.
private func readText(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(file, &chunk, chunk.count)
        guard count >= 0, bytes.count < 1 << 20 else { return nil }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk.prefix(count)
    }
}
