import DirectoryAPI
import ModuleKit

enum GrowthRefusal: Error, Equatable {
    case frameworkNotInUse
}

extension GrowthRefusal: StatusConvertible {
    var status: Status {
        switch self {
        case .frameworkNotInUse:
            Status(
                .failedPrecondition, "FRAMEWORK_NOT_IN_USE",
                fr: "Cette version du référentiel n'est pas en vigueur.",
                en: "This version of the framework is not in use.")
        }
    }
}

extension Share.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .tooMany(let max):
            Status(
                .resourceExhausted, "TOO_MANY_SHARES",
                fr: "Vous avez déjà \(max) partages.", en: "You have \(max) shares already.",
                metadata: ["max": "\(max)"])
        }
    }
}

extension Need.Refusal: StatusConvertible {
    var status: Status {
        switch self {
        case .alreadyOpen(let need):
            Status(
                .alreadyExists, "NEED_OPEN",
                fr: "Vous avez déjà un besoin ouvert pour cette compétence.",
                en: "You have an open need of this competency already.",
                metadata: ["need": need.description])
        case .closed:
            Status(
                .failedPrecondition, "NEED_CLOSED", fr: "Ce besoin est clos.", en: "This need is closed.")
        }
    }
}

extension Status {
    static let nobodyToShareWith = badField(
        "recipients", "REQUIRED", fr: "Il faut une personne ou une école.", en: "A person or a school is needed.")

    static let shareTime = badField(
        "until_time", "OUT_OF_RANGE",
        fr: "Un instant à venir est attendu, dans les deux ans.",
        en: "An instant in the future is expected, within two years.")

    static let notADate = badField(
        "by_date", "BAD_VALUE", fr: "Une date est attendue : 2027-06-30.", en: "A date is expected: 2027-06-30.")

    static let notAnOutcome = badField(
        "outcome", "BAD_VALUE", fr: "MET ou DROPPED est attendu.", en: "MET or DROPPED is expected.")

    static let emptyWindow = badField(
        "end_time", "NOT_AFTER_START", fr: "La fin doit suivre le début.", en: "The end must follow the start.")
}
