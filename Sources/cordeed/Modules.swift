import DirectoryModule
import ModuleKit
import WorkshopsModule

/// The modules of this daemon: adding one adds a line here.
let modules: [any DomainModule] = [
    DirectoryModule(),
    WorkshopsModule(),
]
