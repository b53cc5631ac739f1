import TestKit

/// Whether `cordeed audit verify` accepts the log of events of a database that a killed daemon left.
func auditVerifies(_ witness: DatabaseWitness) async throws -> Bool {
    let verify = try ChildProcess(
        DaemonProcess.path(of: "cordeed"),
        ["audit", "verify", "--database", "\(witness.copy)/cordee.db", "--key", "\(witness.folder)/audit.key"])
    return try await verify.exitCode() == 0
}
