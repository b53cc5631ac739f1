/// The wrong fields of a request, collected while it is checked.
///
/// Paths are written as protobuf-JSON tools expect them, from the request's root: "workshop.sessions[0].zone".
public struct Violations: Sendable {
    /// What was found, in the order of the fields. Bounded: a request cannot make its error larger than itself.
    public private(set) var all: [FieldViolation] = []
    private var path = ""

    /// No request needs more to be mended; the rest shows up at the next try.
    public static let countMax = 100

    public init() {}

    public mutating func add(_ field: String, _ reason: String, fr: String, en: String) {
        guard all.count < Self.countMax else { return }
        let field = path.isEmpty ? field : field.isEmpty ? path : "\(path).\(field)"
        all.append(FieldViolation(field: field, reason: reason, fr: fr, en: en))
    }

    /// Checks a message that lies in a field of the one being checked.
    public mutating func within(_ field: String, _ check: (inout Violations) -> Void) {
        let outer = path
        path = outer.isEmpty ? field : "\(outer).\(field)"
        check(&self)
        path = outer
    }

    /// INVALID_ARGUMENT with all that was found.
    ///
    /// - Throws: nothing when nothing was found.
    public func throwIfAny() throws(Status) {
        guard let first = all.first else { return }
        let more = all.count > 1 ? " (+\(all.count - 1))" : ""
        throw Status(
            .invalidArgument, "BAD_REQUEST",
            fr: "La demande est invalide : \(first.field) : \(first.text.fr)\(more)",
            en: "The request is invalid: \(first.field): \(first.text.en)\(more)", violations: all)
    }
}

/// A message whose fields have rules; the code is generated from `(cordee.api.v1.rules)`.
public protocol Validated {
    /// Adds each broken rule of this message and of the messages in it.
    func validate(_ violations: inout Violations)
}
