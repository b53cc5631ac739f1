import CASE
import ModuleKit

/// Reads a package beside the loop, within bounds.
struct FrameworkIntake: Sendable {
    static let settings = [
        ModuleSetting("framework_bytes_max", 16 << 20, "The largest CASE package, in bytes."),
        ModuleSetting("framework_items_max", 10_000, "The most competencies of a framework."),
        ModuleSetting("framework_associations_max", 30_000, "The most associations of a CASE package."),
        ModuleSetting("framework_depth_max", 16, "How many competencies may lie below each other."),
        ModuleSetting("framework_text_bytes_max", 8_000, "The most bytes of one text of a CASE package."),
        ModuleSetting("framework_problems_max", 200, "How many problems of a CASE package are told at once."),
    ]

    /// The largest package, in bytes.
    let bytesMax: Int
    private let reader: CASEReader

    init(_ settings: ModuleSettings) {
        bytesMax = settings["framework_bytes_max"]
        reader = CASEReader(
            limits: CASELimits(
                bytesMax: bytesMax, itemsMax: settings["framework_items_max"],
                associationsMax: settings["framework_associations_max"],
                textBytesMax: settings["framework_text_bytes_max"], depthMax: settings["framework_depth_max"],
                problemsMax: settings["framework_problems_max"]))
    }

    /// - Throws: `CASERefusal`, which callers are told as FRAMEWORK_REJECTED.
    func read(_ bytes: [UInt8]) throws -> CASEPackage {
        do throws(CASERefusal) { return try reader.read(bytes) } catch { throw FrameworkRefusal(refusal: error) }
    }
}

/// A package that is not taken, with all that is wrong.
struct FrameworkRefusal: Error {
    let refusal: CASERefusal
}
