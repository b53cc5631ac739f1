/// What `manifest.csv` says: the version, and which files there are.
struct Manifest {
    static let fileName = "manifest.csv"

    var version: OneRosterVersion
    /// By the file's name without `.csv`; files that are absent are not here.
    var modes: [String: RosterMode]
    /// Whether the files in use hold changes only. They are all of one mode.
    var isDelta: Bool { Self.used.contains { modes[$0] == .delta } }

    /// Whether some files in use hold everything and others changes only, which is refused.
    var isMixed: Bool { isDelta && Self.used.contains { modes[$0] == .bulk } }

    /// The files that Cordée makes use of.
    private static let used = ["orgs", "users", "roles"]

    /// The names (without `.csv`) that a version's manifest may list.
    static func files(in version: OneRosterVersion) -> [String] {
        let both = [
            "academicSessions", "categories", "classResources", "classes", "courseResources", "courses", "demographics",
            "enrollments", "lineItems", "orgs", "resources", "results", "users",
        ]
        switch version {
        case .v11: return both
        case .v12:
            return both + [
                "lineItemLearningObjectiveIds", "lineItemScoreScales", "resultLearningObjectiveIds",
                "resultScoreScales",
                "roles", "scoreScales", "userProfiles", "userResources",
            ]
        }
    }

    /// Nil when the manifest is missing or does not tell the version.
    static func read(_ files: [String: [UInt8]], _ problems: inout ProblemList) -> Manifest? {
        guard let bytes = files[fileName] else {
            problems.add(ManifestFact.missingFile, file: fileName)
            return nil
        }
        guard let properties = properties(bytes, &problems) else { return nil }
        checkFormat(properties, &problems)
        guard let version = version(properties, &problems) else { return nil }
        return Manifest(version: version, modes: modes(properties, version, &problems))
    }

    private typealias Properties = [String: (value: String, line: Int)]

    private static func properties(_ bytes: [UInt8], _ problems: inout ProblemList) -> Properties? {
        let file = RosterFileReader(name: fileName, columns: .unused)
        guard let start = file.textStart(bytes, &problems) else { return nil }
        var reader = CSVReader(bytes, from: start, limits: CSVLimits(fieldsMax: 16, rowsMax: 256))
        var properties: Properties = [:]
        do throws(CSVError) {
            guard let header = try reader.next(), header.fields == ["propertyName", "value"] else {
                problems.add(ManifestFact.badHeader, file: fileName, line: 1)
                return nil
            }
            while let row = try reader.next() {
                guard row.fields.count == 2 else {
                    let fact = FileFact.fieldCount(found: row.fields.count, expected: 2)
                    problems.add(fact, file: fileName, line: row.line)
                    continue
                }
                let name = row.fields[0]
                if properties[name] != nil {
                    let fact = ManifestFact.duplicateProperty(name)
                    problems.add(fact, file: fileName, line: row.line, column: "propertyName")
                } else {
                    properties[name] = (row.fields[1], row.line)
                }
            }
        } catch {
            file.report(error, &problems)
            return nil
        }
        return properties
    }

    private static func checkFormat(_ properties: Properties, _ problems: inout ProblemList) {
        guard let format = properties["manifest.version"] else {
            problems.add(ManifestFact.missingProperty("manifest.version"), file: fileName)
            return
        }
        if format.value != "1.0" {
            problems.add(ManifestFact.badVersion(format.value), file: fileName, line: format.line, column: "value")
        }
    }

    private static func version(_ properties: Properties, _ problems: inout ProblemList) -> OneRosterVersion? {
        guard let given = properties["oneroster.version"] else {
            problems.add(ManifestFact.missingProperty("oneroster.version"), file: fileName)
            return nil
        }
        guard let version = OneRosterVersion(rawValue: given.value) else {
            problems.add(ManifestFact.badVersion(given.value), file: fileName, line: given.line, column: "value")
            return nil
        }
        return version
    }

    private static func modes(
        _ properties: Properties, _ version: OneRosterVersion, _ problems: inout ProblemList
    ) -> [String: RosterMode] {
        let known = Set(files(in: version).map { "file." + $0 })
        let others = ["manifest.version", "oneroster.version", "source.systemName", "source.systemCode"]
        var modes: [String: RosterMode] = [:]
        var deltaLine: Int?
        for (name, (value, line)) in properties where !others.contains(name) {
            guard known.contains(name) else {
                // A file that would be passed over without a word is an error; a writer's own remark is not.
                if name.hasPrefix("file.") {
                    let fact = ManifestFact.unknownProperty(name)
                    problems.add(fact, file: fileName, line: line, column: "propertyName")
                } else {
                    let fact = ManifestFact.ignoredProperty(name)
                    problems.add(fact, file: fileName, line: line, column: "propertyName")
                }
                continue
            }
            if let mode = RosterMode(rawValue: value) {
                modes[String(name.dropFirst(5))] = mode
                if mode == .delta, used.contains(String(name.dropFirst(5))) { deltaLine = min(deltaLine ?? line, line) }
            } else if value != "absent" {
                let fact = ValueFact.badEnum(value, allowed: ["absent", "bulk", "delta"])
                problems.add(fact, file: fileName, line: line, column: "value")
            }
        }
        if let deltaLine, used.contains(where: { modes[$0] == .bulk }) {
            problems.add(ManifestFact.mixedModes, file: fileName, line: deltaLine, column: "value")
        }
        return modes
    }
}
