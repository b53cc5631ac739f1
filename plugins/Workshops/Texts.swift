import ModuleKit

// What the module says to people: each refusal with its code, its stable reason, and its text in both languages.

extension Workshop.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .notDraft:
            Status(
                .failedPrecondition, "NOT_DRAFT",
                fr: "L'atelier n'est plus un brouillon.",
                en: "The workshop is no longer a draft.")
        case .noSession:
            Status(
                .failedPrecondition, "NO_SESSION",
                fr: "L'atelier n'a aucune séance.",
                en: "The workshop has no session.")
        case .registrationClosed:
            Status(
                .failedPrecondition, "REGISTRATION_CLOSED",
                fr: "L'atelier n'est pas ouvert aux inscriptions.",
                en: "The workshop is not open for registration.")
        case .waitlistFull:
            Status(
                .resourceExhausted, "WAITLIST_FULL",
                fr: "Il n'y a plus de place, et la liste d'attente est complète.",
                en: "No place is left, and the waiting list is full.")
        case .over:
            Status(
                .failedPrecondition, "WORKSHOP_OVER",
                fr: "L'atelier est terminé ou annulé.",
                en: "The workshop is over or cancelled.")
        }
    }
}

extension Registration.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .alreadyRegistered:
            Status(
                .alreadyExists, "ALREADY_REGISTERED",
                fr: "Cette personne est déjà inscrite.",
                en: "This person is registered already.")
        case .final:
            Status(
                .failedPrecondition, "REGISTRATION_FINAL",
                fr: "Cette inscription est close.",
                en: "This registration has ended.")
        case .begun:
            Status(
                .failedPrecondition, "WORKSHOP_BEGUN",
                fr: "L'atelier a commencé : adressez-vous à qui l'anime.",
                en: "The workshop has begun: ask whoever leads it.")
        case .notSeated:
            Status(
                .failedPrecondition, "NOT_CONFIRMED",
                fr: "Cette personne n'avait pas de place.",
                en: "This person held no place.")
        }
    }
}

extension Status {
    static func unknownSession(_ number: Int32) -> Status {
        .badField("session", fr: "Il n'y a pas de séance \(number).", en: "There is no session \(number).")
    }

    static let sessionNotEnded = Status(
        .failedPrecondition, "SESSION_NOT_ENDED",
        fr: "La séance n'est pas terminée.",
        en: "The session has not ended.")
}

/// What `PublishWorkshop` wants looked at again.
enum PublishWarning {
    case noFrench
    case inSummer(LocalDateTime)

    var text: LocalizedText {
        switch self {
        case .noFrench:
            LocalizedText(
                fr: "Le titre ou le résumé n'a pas de texte français.",
                en: "The title or the summary has no French text.")
        case .inSummer(let start):
            LocalizedText(
                fr: "La séance du \(start.date) tombe pendant l'été.",
                en: "The session on \(start.date) falls in the summer.")
        }
    }
}
