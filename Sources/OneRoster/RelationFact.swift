/// What can be wrong between rows.
enum RelationFact: RosterFact {
    case sameSourcedID(String, line: Int), sameUsername(line: Int), sameEmail(line: Int), sameAssignment(org: String)
    case unknownReference(String, file: String), orgCycle([String]), noBoard(String)
    case noPrimaryRole(user: String), secondPrimaryRole(user: String, line: Int)

    var told: Told {
        switch self {
        case .sameSourcedID(let id, let line):
            Told(
                .duplicateSourcedID, "L'identifiant \(short(id)) est déjà à la ligne \(line).",
                "The id \(short(id)) is already on line \(line).")
        case .sameUsername(let line):
            Told(
                .duplicateUsername, "Ce nom d'utilisateur est déjà à la ligne \(line).",
                "This username is already on line \(line).")
        case .sameEmail(let line):
            Told(
                .duplicateEmail, "Cette adresse est déjà à la ligne \(line), dans le même conseil.",
                "This address is already on line \(line), in the same board.")
        case .sameAssignment(let org):
            Told(
                .duplicateAssignment, "Cette affectation à \(short(org)) est donnée deux fois.",
                "This assignment to \(short(org)) is given twice.")
        case .unknownReference(let id, let file):
            Told(
                .unknownReference, "\(short(id)) n'est dans aucune ligne de \(file).",
                "\(short(id)) is in no row of \(file).")
        case .orgCycle(let ids):
            Told(
                .orgCycle, "Ces organisations se contiennent en cercle : \(short(ids)).",
                "These organisations contain each other in a circle: \(short(ids)).")
        case .noBoard(let id):
            Told(
                .noBoard, "\(short(id)) n'appartient à aucun conseil scolaire (district).",
                "\(short(id)) belongs to no school board (district).")
        case .noPrimaryRole(let user):
            Told(
                .primaryRole, "\(short(user)) est actif sans rôle principal.",
                "\(short(user)) is enabled without a primary role.")
        case .secondPrimaryRole(let user, let line):
            Told(
                .primaryRole, "\(short(user)) a déjà un rôle principal à la ligne \(line).",
                "\(short(user)) already has a primary role on line \(line).")
        }
    }
}
