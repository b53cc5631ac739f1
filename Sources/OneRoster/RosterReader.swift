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

/// Reads the files of a OneRoster 1.1 or 1.2 CSV set, in bulk mode, and checks all that can be checked without a
/// database. Any bytes give a reading; the work is linear in their number (but for sorting the problems).
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
            if !manifest.isDelta { roster = read(manifest, files, known, &problems) }
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
        guard manifest.version == .v12 else { return }
        switch (manifest.modes["users"] != nil, manifest.modes["roles"] != nil) {
        case (true, false): problems.add(ManifestFact.rolesNeeded, file: RoleTable.fileName)
        case (false, true): problems.add(ManifestFact.usersNeeded, file: UserTable.fileName)
        case (true, true), (false, false): break
        }
    }

    private func read(
        _ manifest: Manifest, _ files: [String: [UInt8]], _ known: KnownRoster, _ problems: inout ProblemList
    ) -> Roster {
        func file(_ name: String, _ columns: RosterColumns) -> RosterFile {
            let fileName = name + ".csv"
            guard manifest.modes[name] != nil else { return .absent(fileName, isComplete: true) }
            let read = files[fileName].flatMap {
                RosterFileReader(name: fileName, columns: columns, csv: csv).read($0, &problems)
            }
            return read ?? .absent(fileName, isComplete: false)
        }
        let known = manifest.modes["orgs"] == nil ? known : .empty
        let orgFile = file("orgs", .orgs)
        let orgIDs = References(orgFile, known: Set(known.orgs.keys))
        let orgs = OrgTable(file: orgFile, references: orgIDs).orgs(&problems)
        let tree = OrgTree(orgs: orgs, known: known)
        OrgTable.check(orgs, tree, &problems)

        let userFile = file("users", .users(manifest.version))
        var users = UserTable(file: userFile, version: manifest.version, orgs: orgIDs).users(&problems)
        if manifest.version == .v12, manifest.modes["roles"] != nil {
            let roles = RoleTable(file: file("roles", .roles), users: References(userFile), orgs: orgIDs)
            users = roles.assign(to: users, &problems)
        }
        Self.checkEmails(users, tree, &problems)
        for name in Manifest.files(in: manifest.version) where !["orgs", "users", "roles"].contains(name) {
            _ = file(name, .unused)
        }
        return Roster(version: manifest.version, mode: .bulk, orgs: orgs, users: users, tree: tree)
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
