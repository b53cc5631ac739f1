import DirectoryAPI
import ModuleKit

/// The framework that each board begins with: the six pan-Canadian global competencies, and one for leading the digital
/// shift (DOMAIN §1).
enum GlobalCompetencies {
    /// The same in all boards: it is the same framework.
    static let identifier = "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b10"

    private static let title = LocalizedText(
        fr: "Compétences globales et virage numérique", en: "Global competencies and the digital shift")

    private static let texts: [(code: String, identifier: String, text: LocalizedText)] = [
        (
            "CG1", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b11",
            LocalizedText(
                fr: "Pensée critique et résolution de problèmes", en: "Critical thinking and problem solving")
        ),
        (
            "CG2", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b12",
            LocalizedText(
                fr: "Innovation, créativité et entrepreneuriat", en: "Innovation, creativity and entrepreneurship")
        ),
        (
            "CG3", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b13",
            LocalizedText(fr: "Apprentissage autonome", en: "Self-directed learning")
        ),
        (
            "CG4", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b14",
            LocalizedText(fr: "Collaboration", en: "Collaboration")
        ),
        (
            "CG5", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b15",
            LocalizedText(fr: "Communication", en: "Communication")
        ),
        (
            "CG6", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b16",
            LocalizedText(fr: "Citoyenneté mondiale et durabilité", en: "Global citizenship and sustainability")
        ),
        (
            "VN", "5b7e0d3a-8f14-4c0e-9a61-2d3c5f7a9b17",
            LocalizedText(fr: "Gestion du virage numérique", en: "Leading the digital shift")
        ),
    ]

    /// Gives the framework to a board, published.
    static func give(to board: String, _ call: WriteCall) throws {
        var framework = Framework(
            name: FrameworkName(board: board, framework: call.newID()), identifier: identifier, version: 1,
            title: both(title), publisher: "Cordée", creator: "Cordée", summary: "", language: "fr",
            uri: uri(identifier), competencyCount: texts.count, createdAt: call.now)
        try framework.publish(at: call.now)
        try framework.insert(in: call.db)
        for (index, competency) in texts.enumerated() {
            let name = CompetencyName(
                board: board, framework: framework.name.framework, competency: call.newID())
            try Competency(
                name: name, identifier: competency.identifier, parent: nil, code: competency.code,
                text: both(competency.text), language: "", uri: uri(competency.identifier), position: index + 1,
                placement: nil, order: Int64(index + 1), isOpen: true
            ).insert(in: call.db)
        }
    }

    private static func both(_ text: LocalizedText) -> TextByLanguage {
        TextByLanguage(["fr": text.fr, "en": text.en])
    }

    private static func uri(_ identifier: String) -> String { "urn:uuid:\(identifier)" }
}
