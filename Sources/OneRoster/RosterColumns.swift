/// Which columns a file must and may have. OneRoster wants all columns of its tables in the header, also unused ones.
struct RosterColumns {
    var required: [String]
    /// Known, but not missed.
    var optional: Set<String> = []
    /// Files that are not used are only looked at from outside.
    var acceptsAll = false

    /// Extensions begin with `metadata.` in each version.
    func isKnown(_ column: String) -> Bool {
        acceptsAll || required.contains(column) || optional.contains(column) || column.hasPrefix("metadata.")
    }

    private static let common = ["sourcedId", "status", "dateLastModified"]

    /// Any file that Cordée does not use.
    static let unused = RosterColumns(required: common, acceptsAll: true)

    static let orgs = RosterColumns(required: common + ["name", "type", "identifier", "parentSourcedId"])

    static let roles = RosterColumns(
        required: common + [
            "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
        ])

    static func users(_ version: OneRosterVersion) -> RosterColumns {
        let names = [
            "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone",
            "agentSourcedIds", "grades", "password",
        ]
        switch version {
        case .v11: return RosterColumns(required: common + ["enabledUser", "orgSourcedIds", "role"] + names)
        case .v12:
            let added = [
                "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
                "primaryOrgSourcedId", "pronouns",
            ]
            // Some writers of 1.2 know users.csv without this column.
            return RosterColumns(required: common + ["enabledUser"] + names + added, optional: ["resourceSourcedIds"])
        }
    }
}
