import DirectoryAPI
import ModuleKit

/// The methods of `Frameworks`, in `Methods/`.
struct FrameworksHandlers: FrameworksService {
    typealias Contexts = ModuleCalls

    let intake: FrameworkIntake
}

extension Event {
    /// "directory.framework.published.v1": what was done to a framework.
    static func framework(_ verb: String, _ framework: Framework) -> Event {
        Event("directory.framework.\(verb).v1", about: framework)
    }
}
