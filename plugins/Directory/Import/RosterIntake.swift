import Archive
import ModuleKit
import OneRoster

/// Takes a roster's zip apart and checks all of it that can be checked without the database: beside the loop.
struct RosterIntake: Sendable {
    static let settings = [
        ModuleSetting("roster_bytes_max", 32 << 20, "The largest zip of a roster, in bytes."),
        ModuleSetting("roster_entries_max", 64, "The most files in the zip of a roster."),
        ModuleSetting("roster_unpacked_bytes_max", 64 << 20, "The most bytes that all files of a roster unpack to."),
        ModuleSetting("roster_entry_bytes_max", 32 << 20, "The most bytes that one file of a roster unpacks to."),
        ModuleSetting("roster_ratio_max", 100, "How many times larger than its zip a roster may unpack to."),
        ModuleSetting("roster_problems_max", 200, "How many problems of a roster are told at once."),
    ]

    /// The largest zip of a roster, in bytes.
    let bytesMax: Int
    private let limits: ZipLimits
    private let problemsMax: Int
    let zones: TimeZoneCatalog

    init(_ settings: ModuleSettings, zones: TimeZoneCatalog) {
        bytesMax = settings["roster_bytes_max"]
        limits = ZipLimits(
            entriesMax: settings["roster_entries_max"], totalBytesMax: settings["roster_unpacked_bytes_max"],
            entryBytesMax: settings["roster_entry_bytes_max"], ratioMax: settings["roster_ratio_max"])
        problemsMax = settings["roster_problems_max"]
        self.zones = zones
    }

    /// As `stage`, of a package that must be of a mode.
    ///
    /// - Throws: `.rejected` too for a package of the other one.
    func stage(_ zip: [UInt8], as mode: ImportJob.Mode) throws -> StagedPackage {
        let package = try stage(zip)
        guard mode == .unknown || mode == package.mode else {
            throw ImportRefusal.rejected(
                [ImportProblem(.otherMode, file: "manifest.csv", column: "value")], omitted: 0)
        }
        return package
    }

    /// Reads a zip of OneRoster files.
    ///
    /// - Returns: the staff that it names, or what it changes, and what is odd but accepted.
    /// - Throws: `ArchiveRefusal`, or `ImportRefusal.rejected` with each problem.
    func stage(_ zip: [UInt8]) throws -> StagedPackage {
        guard zip.count <= bytesMax else { throw ArchiveRefusal.tooLarge(bytesMax: bytesMax) }
        let files = try unpack(zip)
        let reading = RosterReader(problemsMax: problemsMax).read(files: files)
        let problems = reading.problems.map(ImportProblem.init)
        guard let roster = reading.roster else {
            throw ImportRefusal.rejected(problems.filter { !$0.isWarning }, omitted: reading.omittedCount)
        }
        if roster.mode == .delta {
            let delta = StagedDelta(roster, problemsMax: problemsMax)
            let orgs = delta.orgs.compactMap(\.row)
            try delta.refuseIfAny(unknownZones(in: orgs))
            return StagedPackage(content: .delta(delta), warnings: problems)
        }
        let staged = StagedRoster(roster, hasPeople: files["users.csv"] != nil, problemsMax: problemsMax)
        try staged.refuseIfAny(unknownZones(in: staged.orgs))
        return StagedPackage(content: .bulk(staged), warnings: problems)
    }

    private func unpack(_ zip: [UInt8]) throws -> [String: [UInt8]] {
        do throws(ArchiveError) {
            let entries = try ZipReader(limits: limits).read(zip)
            return Dictionary(entries.map { ($0.path, $0.bytes) }) { first, _ in first }
        } catch {
            throw ArchiveRefusal.unreadable(error)
        }
    }

    private func unknownZones(in orgs: [StagedRoster.OrgRow]) -> [ImportProblem] {
        orgs.compactMap { org in
            guard let zone = org.zone, (try? zones.rules(for: zone)) == nil else { return nil }
            return ImportProblem(.unknownZone, file: "orgs.csv", line: org.line, column: "metadata.cordee.timeZone")
        }
    }
}
