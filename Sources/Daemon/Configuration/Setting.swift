/// One key of the configuration: what it is called, means and accepts.
struct Setting: Sendable {
    /// "rpc.connections_max": the section and the name.
    let key: String
    /// One sentence, for the sample configuration.
    let documentation: String
    /// What a value must look like, for an error.
    let form: String
    /// The value of a configuration, as text.
    let text: @Sendable (Configuration) -> String
    /// Sets it from text; false if the text is not of the form or out of range.
    let set: @Sendable (inout Configuration, String) -> Bool
    /// The value as a number, for the metric of a limit.
    let number: (@Sendable (Configuration) -> Int)?

    init<Value: SettingValue>(
        _ key: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ documentation: String,
        range: ClosedRange<Int>? = nil
    ) {
        self.key = key
        self.documentation = documentation
        self.form = range.map { "\(Value.form), from \($0.lowerBound) to \($0.upperBound)" } ?? Value.form
        self.text = { $0[keyPath: path].settingText }
        if Value.self == Int.self {
            self.number = { configuration in configuration[keyPath: path] as? Int ?? 0 }
        } else {
            self.number = nil
        }
        self.set = { configuration, text in
            guard let value = Value(setting: text) else { return false }
            if let range, let number = value as? Int, !range.contains(number) { return false }
            configuration[keyPath: path] = value
            return true
        }
    }

    /// Whether the key bounds something: its value is announced as a metric.
    var isLimit: Bool { key.hasSuffix("_max") && number != nil }
}

extension Setting {
    /// The name of the environment variable that sets a key: "rpc.calls_max" is CORDEE_RPC_CALLS_MAX.
    static func variable(for key: String) -> String {
        "CORDEE_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }
}
