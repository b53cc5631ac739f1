public import RPC

/// The refusals that all modules share, in the words that all modules share.
extension Status {
    /// The resource is not there, or not for this caller to know of: the two are the same to a caller.
    public static func notFound(_ name: String) -> Status {
        Status(.notFound, "NOT_FOUND", fr: "Introuvable : \(name)", en: "Not found: \(name)")
    }

    /// The caller is known and may not do this.
    public static var forbidden: Status {
        Status(
            .permissionDenied, "FORBIDDEN",
            fr: "Vos rôles ne permettent pas cette action.", en: "Your roles do not allow this.")
    }

    /// The call needs a person, and no valid token came with it.
    public static var unauthenticated: Status {
        Status(
            .unauthenticated, "TOKEN_REQUIRED",
            fr: "Il faut un jeton d'accès valide.", en: "A valid access token is required.")
    }

    /// One field of the request is wrong in a way that its rules cannot say.
    public static func badField(_ field: String, _ reason: String = "BAD_VALUE", fr: String, en: String) -> Status {
        var violations = Violations()
        violations.add(field, reason, fr: fr, en: en)
        return Status(
            .invalidArgument, "BAD_REQUEST", fr: "La demande est invalide : \(field) : \(fr)",
            en: "The request is invalid: \(field): \(en)", violations: violations.all)
    }

    /// A field that its proto cannot demand, since only some messages of a stream need it, is not set.
    public static func required(_ field: String) -> Status {
        badField(field, "REQUIRED", fr: "ce champ est requis", en: "this field is required")
    }
}
