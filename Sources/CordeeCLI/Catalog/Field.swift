/// A field of a message, as the daemon's descriptors declare it.
struct Field: Sendable {
    /// What one value of a field is.
    indirect enum Kind: Sendable, Equatable {
        case string, bytes, bool, int32, int64, uint32, uint64, double
        /// A message, by its full name.
        case message(String)
        /// An enum, by its full name.
        case enumeration(String)
        /// A map; its keys are texts in JSON, whatever they are on the wire.
        case map(value: Kind)
    }

    /// The rules that matter to who writes and reads a value.
    struct Rules: Sendable, Equatable {
        var isRequired = false
        var isOutputOnly = false
        /// A map from language tag to text.
        var isLocalizedText = false
    }

    /// The name in the proto: "start_local".
    let name: String
    /// The name in JSON: "startLocal".
    let jsonName: String
    let number: Int32
    let kind: Kind
    /// Whether there may be several values; a map is not repeated.
    let isRepeated: Bool
    /// Whether "not set" differs from the kind's default value.
    let hasPresence: Bool
    let rules: Rules
    let comment: Comment

    /// The name at the command line: "start-local".
    var flagName: String { Naming.kebab(name) }

    /// Whether a name given by a person is this field, in whichever way it is written.
    func isNamed(_ text: some StringProtocol) -> Bool {
        name == text || jsonName == text || flagName == text
    }
}
