/// The editions of OneRoster's CSV binding that are read.
public enum OneRosterVersion: String, Sendable, CaseIterable {
    case v11 = "1.1"
    case v12 = "1.2"
}

/// How a roster is to be applied.
public enum RosterMode: String, Sendable, CaseIterable {
    /// The files hold everybody: who is missing has left.
    case bulk
    /// The files hold changes only: each row says whether what it names is there or goes.
    case delta
}

/// The kinds of organisation, the same in both versions.
public enum OrgType: String, Sendable, CaseIterable {
    case department, school, district, local, state, national
}

/// The roles of both versions; which of them a version knows says `roles(in:)`.
public enum OneRosterRole: String, Sendable, CaseIterable {
    case administrator, aide, counselor, districtAdministrator, guardian, parent, principal, proctor, relative
    case siteAdministrator, student, systemAdministrator, teacher

    /// `principal` and the finer administrators came with 1.2, where `administrator` ended.
    public static func roles(in version: OneRosterVersion) -> Set<OneRosterRole> {
        switch version {
        case .v11: [.administrator, .aide, .guardian, .parent, .proctor, .relative, .student, .teacher]
        case .v12: Set(allCases).subtracting([.administrator])
        }
    }

    /// Whether people with this role work for the board. Students and their families are none of Cordée's business.
    public var isStaff: Bool {
        switch self {
        case .guardian, .parent, .relative, .student: false
        case .administrator, .aide, .counselor, .districtAdministrator, .principal, .proctor, .siteAdministrator,
            .systemAdministrator, .teacher:
            true
        }
    }
}
