import Glibc
import Metrics
import Store

/// Makes a backup, restores one or opens a database, and kills itself at one step of it: for the tests of the Store.
///
///     CopyCrash open|backup|restore DATABASE COPY STEP
let arguments = CommandLine.arguments
guard arguments.count == 5, let last = Int(arguments[4]) else { exit(64) }

var options = StoreOptions(path: arguments[2])
options.seams.copyStep = { step in
    if step.rawValue == last { kill(getpid(), SIGKILL) }
}
switch arguments[1] {
case "restore":
    let check = CopyCheck(of: arguments[3], modules: [])
    _ = try Restore(arguments[3], over: options, check: check).run(at: "2026-11-24T20:30:00Z")
case "backup":
    let store = try Store.open(options, metrics: MetricsRegistry())
    _ = try await store.backup(to: arguments[3], timeLimit: .seconds(60)) { _ in }
    store.close()
default:
    try Store.open(options, metrics: MetricsRegistry()).close()
}
