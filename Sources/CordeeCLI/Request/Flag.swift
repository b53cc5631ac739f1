/// A flag of a method: a field of its request, or of the one resource in it.
struct Flag: Sendable {
    /// Without dashes: "start-local".
    let name: String
    /// Another spelling, not shown: the plural of a repeated field or of a map.
    let otherName: String?
    let field: Field
    /// Where the value goes in the request: ["thing", "title"] as JSON names.
    let path: [String]

    /// Whether the value lies in the request's resource and not in the request itself.
    var isNested: Bool { path.count > 1 }

    /// A flag without a value of its own: `--flag` and `--no-flag`.
    var isSwitch: Bool { field.kind == .bool && !field.isRepeated }
}
