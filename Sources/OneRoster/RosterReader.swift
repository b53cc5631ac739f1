/// What came of reading a set of files.
public struct RosterReading: Equatable, Sendable {
    /// Nil when there is an error among the problems: a set is taken whole or not at all.
    public var roster: Roster?
    /// By file, then line; at most as many as were asked for.
    public var problems: [RosterProblem]
    /// How many more there are.
    public var omittedCount: Int
    /// What the manifest says, as far as it could be read.
    public var version: OneRosterVersion?
    public var mode: RosterMode?
}

/// Reads the files of a OneRoster 1.1 or 1.2 CSV set, and checks all that can be checked without a database. What rows of
/// a delta refer to beyond the set is not looked at. Any bytes give a reading; the work is linear in their number (but for sorting the problems).
public struct RosterReader: Sendable {
    private let problemsMax: Int
    private let csv: CSVLimits

    /// - Parameter problemsMax: how many problems a reading tells in full.
    public init(problemsMax: Int = 200, csv: CSVLimits = CSVLimits()) {
        (self.problemsMax, self.csv) = (problemsMax, csv)
    }

    /// - Parameters:
    ///   - files: by name: `manifest.csv`, `orgs.csv`…
    ///   - known: what rows may refer to when the set itself does not hold the file: a bulk file is complete.
    public func read(files: [String: [UInt8]], known: KnownRoster = .empty) -> RosterReading {
        var problems = ProblemList(countMax: problemsMax)
        let manifest = Manifest.read(files, &problems)
        var roster: Roster?
        if let manifest {
            checkPresence(manifest, files, &problems)
            if !manifest.isMixed { roster = read(manifest, files, known, &problems) }
        }
        let told = problems.sorted()
        return RosterReading(
            roster: problems.hasError ? nil : roster, problems: told, omittedCount: problems.count - told.count,
            version: manifest?.version, mode: manifest.map { $0.isDelta ? .delta : .bulk })
    }

    private func checkPresence(_ manifest: Manifest, _ files: [String: [UInt8]], _ problems: inout ProblemList) {
        let names = Manifest.files(in: manifest.version)
        for name in names {
            let file = name + ".csv"
            switch (manifest.modes[name] != nil, files[file] != nil) {
            case (true, false): problems.add(ManifestFact.missingFile, file: file)
            case (false, true): problems.add(ManifestFact.unannouncedFile, file: file)
            case (true, true), (false, false): break
            }
        }
        let known = Set(names.map { $0 + ".csv" } + [Manifest.fileName])
        for file in files.keys where !known.contains(file) { problems.add(ManifestFact.unknownFile, file: file) }
        guard manifest.version == .v12, !manifest.isDelta else { return }
        switch (manifest.modes["users"] != nil, manifest.modes["roles"] != nil) {
        case (true, false): problems.add(ManifestFact.rolesNeeded, file: RoleTable.fileName)
        case (false, true): problems.add(ManifestFact.usersNeeded, file: UserTable.fileName)
        case (true, true), (false, false): break
        }
    }

    private func read(
        _ manifest: Manifest, _ files: [String: [UInt8]], _ known: KnownRoster, _ problems: inout ProblemList
    ) -> Roster {
        let set = FileSet(manifest: manifest, files: files, csv: csv)
        let known = manifest.modes["orgs"] == nil ? known : .empty
        let orgFile = set.file("orgs", .orgs, &problems)
        if manifest.isDelta { return changes(set, orgFile, &problems) }
        let orgIDs = References(orgFile, known: Set(known.orgs.keys))
        let orgs = OrgTable(file: orgFile, references: orgIDs).orgs(&problems)
        let tree = OrgTree(orgs: orgs, known: known)
        OrgTable.check(orgs, tree, &problems)

        let userFile = set.file("users", .users(manifest.version), &problems)
        var users = UserTable(file: userFile, version: manifest.version, orgs: orgIDs).users(&problems)
        if manifest.version == .v12, manifest.modes["roles"] != nil {
            let roles = RoleTable(file: set.file("roles", .roles, &problems), users: References(userFile), orgs: orgIDs)
            users = roles.assign(to: users, &problems)
        }
        Self.checkEmails(users, tree, &problems)
        for name in Manifest.files(in: manifest.version) where !["orgs", "users", "roles"].contains(name) {
            _ = set.file(name, .unused, &problems)
        }
        return Roster(version: manifest.version, mode: .bulk, orgs: orgs, users: users, tree: tree)
    }

    /// The rows of a delta, each by itself.
    private func changes(
        _ set: FileSet, _ orgFile: RosterFile, _ problems: inout ProblemList
    ) -> Roster {
        let manifest = set.manifest
        let anyOrg = References.beyond(orgFile)
        let orgs = OrgTable(file: orgFile, references: anyOrg).orgs(&problems)
        let userFile = set.file("users", .users(manifest.version), &problems)
        let users = UserTable(file: userFile, version: manifest.version, orgs: anyOrg).users(&problems)
        var roles: [Roster.RoleChange] = []
        if manifest.modes["roles"] != nil {
            roles = RoleTable(file: set.file("roles", .roles, &problems), users: .beyond(userFile), orgs: anyOrg)
                .changes(&problems)
        }
        for name in Manifest.files(in: manifest.version) where !["orgs", "users", "roles"].contains(name) {
            _ = set.file(name, .unused, &problems)
        }
        return Roster(
            version: manifest.version, mode: .delta, orgs: orgs, users: users, roleChanges: roles,
            tree: OrgTree(orgs: [], known: .empty))
    }

    /// An address belongs to one enabled person of a board; somebody who left may have had it.
    private static func checkEmails(_ users: [Roster.User], _ tree: OrgTree, _ problems: inout ProblemList) {
        var lines: [[String]: Int] = [:]
        for user in users where user.isEnabled {
            guard let email = user.email, let org = user.primary?.orgID, let board = tree.board(of: org) else {
                continue
            }
            let key = [board, EmailSyntax.folded(email)]
            if let first = lines[key] {
                let fact = RelationFact.sameEmail(line: first)
                problems.add(fact, file: UserTable.fileName, line: user.line, column: "email")
            } else {
                lines[key] = user.line
            }
        }
    }
}

/// The files of a set as their manifest announces them.
private struct FileSet {
    let manifest: Manifest
    let files: [String: [UInt8]]
    let csv: CSVLimits

    func file(_ name: String, _ columns: RosterColumns, _ problems: inout ProblemList) -> RosterFile {
        let fileName = name + ".csv"
        guard let mode = manifest.modes[name] else { return .absent(fileName, isComplete: true) }
        let reader = RosterFileReader(name: fileName, columns: columns, csv: csv, mode: mode)
        return files[fileName].flatMap { reader.read($0, &problems) } ?? .absent(fileName, isComplete: false)
    }
}
