import CASE
import ModuleKit

extension Framework.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .notDraft:
            Status(
                .failedPrecondition, "NOT_DRAFT",
                fr: "Cette version du référentiel n'est plus un brouillon.",
                en: "This version of the framework is not a draft any more.")
        case .notPublished:
            Status(
                .failedPrecondition, "NOT_PUBLISHED",
                fr: "Cette version du référentiel n'est pas publiée.",
                en: "This version of the framework is not published.")
        }
    }
}

extension FrameworkRefusal: StatusConvertible {
    var status: Status {
        let count = refusal.problems.count + refusal.omitted
        var status = Status(
            .failedPrecondition, "FRAMEWORK_REJECTED",
            fr: "Le référentiel a \(count) problème(s); rien n'a changé.",
            en: "The framework has \(count) problem(s); nothing has changed.",
            metadata: ["count": "\(count)"],
            violations: refusal.problems.map { problem in
                let text = problem.code.text
                let subject = problem.subject.isEmpty ? "" : " (\(problem.subject))"
                return FieldViolation(
                    field: problem.path, reason: problem.code.rawValue, fr: text.fr + subject, en: text.en + subject)
            })
        if let first = refusal.problems.first {
            (status.metadata["code"], status.metadata["subject"]) = (first.code.rawValue, first.subject)
        }
        return status
    }
}

extension CASEProblem.Code {
    var text: LocalizedText {
        switch self {
        case .tooLarge: LocalizedText(fr: "Le fichier est trop gros.", en: "The file is too large.")
        case .badJSON: LocalizedText(fr: "Ce n'est pas le JSON attendu.", en: "This is not the JSON that is expected.")
        case .missingField: LocalizedText(fr: "Ce champ est obligatoire.", en: "This field is required.")
        case .fieldTooLong: LocalizedText(fr: "Ce texte est trop long.", en: "This text is too long.")
        case .badIdentifier: LocalizedText(fr: "Un UUID est attendu.", en: "A UUID is expected.")
        case .badURI: LocalizedText(fr: "Une adresse (URI) est attendue.", en: "An address (URI) is expected.")
        case .badType: LocalizedText(fr: "Ce type d'association n'existe pas.", en: "There is no such association.")
        case .tooManyItems: LocalizedText(fr: "Trop de compétences.", en: "Too many competencies.")
        case .tooManyAssociations: LocalizedText(fr: "Trop d'associations.", en: "Too many associations.")
        case .duplicateIdentifier: LocalizedText(fr: "Cet identifiant est déjà pris.", en: "This identifier is taken.")
        case .unknownReference:
            LocalizedText(fr: "L'association mène à rien.", en: "The association leads nowhere.")
        case .secondParent:
            LocalizedText(fr: "La compétence a déjà un parent.", en: "The competency has a parent already.")
        case .cycle:
            LocalizedText(fr: "Les compétences tournent en rond.", en: "The competencies go round in a circle.")
        case .tooDeep: LocalizedText(fr: "L'arbre est trop profond.", en: "The tree is too deep.")
        case .noItem: LocalizedText(fr: "Le référentiel est vide.", en: "The framework is empty.")
        }
    }
}
