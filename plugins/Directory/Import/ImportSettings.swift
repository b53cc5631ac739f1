import ModuleKit

/// What operators may set for imports beside the bounds of what is read.
struct ImportSettings: Sendable {
    static let settings = [
        ModuleSetting("import_slice_rows", 200, "How many people of an import one write stages."),
        ModuleSetting("import_revert_days", 7, "For how many days an import can be reverted."),
    ]

    let sliceRows: Int
    let revertLimit: Duration

    init(_ settings: ModuleSettings) {
        sliceRows = max(1, settings["import_slice_rows"])
        revertLimit = .seconds(86_400 * settings["import_revert_days"])
    }
}
