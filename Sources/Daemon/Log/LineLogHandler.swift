import Glibc
public import Logging
public import ModuleKit
public import Threading

/// Writes each log entry as one line to standard error: `time level message key=value …`, or a JSON object.
///
/// Control characters in any part are escaped, so that no value can begin a line of its own; so are characters that turn
/// the direction of writing or are not seen, so that none can make a line read as another one.
public struct LineLogHandler: LogHandler {
    public enum Format: String, Sendable { case text, json }

    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }

    private let label: String
    private let format: Format
    /// Shared by all loggers of the daemon, so that a reload of the configuration reaches each.
    private let level: Lock<Logger.Level>
    private let now: @Sendable () -> Timestamp

    public init(label: String, format: Format, level: Lock<Logger.Level>, now: @escaping @Sendable () -> Timestamp) {
        self.label = label
        self.format = format
        self.level = level
        self.now = now
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = line(event.level, "\(event.message)", event.metadata ?? [:]) + "\n"
        line.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// An entry as it is written, without the end of its line.
    package func line(_ level: Logger.Level, _ message: String, _ more: Logger.Metadata) -> String {
        let pairs = metadata.merging(more) { $1 }.sorted { $0.key < $1.key }
        return switch format {
        case .text: text(level, message, pairs)
        case .json: json(level, message, pairs)
        }
    }

    private func text(_ level: Logger.Level, _ message: String, _ pairs: [(key: String, value: Logger.MetadataValue)])
        -> String
    {
        let values = pairs.map { " \($0.key)=\(Self.word("\($0.value)"))" }.joined()
        return "\(now()) \(level) \(Self.escaped(message))\(values)"
    }

    private func json(_ level: Logger.Level, _ message: String, _ pairs: [(key: String, value: Logger.MetadataValue)])
        -> String
    {
        let fields =
            [("time", "\(now())"), ("level", "\(level)"), ("message", message)] + pairs.map { ($0.key, "\($0.value)") }
        return "{" + fields.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}"
    }

    private static func word(_ text: String) -> String {
        // By scalars: a quote with an accent upon it is another character, and a quote all the same.
        text.isEmpty || text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            ? quoted(text) : escaped(text)
    }

    private static func quoted(_ text: String) -> String {
        "\"" + escaped(text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()) + "\""
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { scalar in
            guard isControl(scalar) else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        // What turns the direction of the rest of the line, or is not seen at all: a line that reads as another one.
        case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }
}
