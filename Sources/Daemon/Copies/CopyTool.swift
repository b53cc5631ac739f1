public import Calendar
public import ModuleKit
import RPC
import Store

/// What `cordeed backup` does without a daemon: verify a copy of the database, and restore one.
public struct CopyTool: Sendable {
    /// What is said at the end, and how the process ends (sysexits.h).
    public struct Outcome: Sendable {
        public let text: String
        public let exitCode: Int32
    }

    private let modules: [any DomainModule]
    private let language: Language

    /// - Parameter modules: those of this daemon: a copy that a newer version made is refused.
    public init(modules: [any DomainModule], language: Language) {
        (self.modules, self.language) = (modules, language)
    }

    /// Looks through a copy without changing it.
    public func verify(_ path: String) -> Outcome {
        do throws(CopyError) {
            let (report, anchor) = try check(path).run { copy in try? Anchor.current(in: copy) }
            return Outcome(text: Self.sound(path, report, anchor)[language], exitCode: 0)
        } catch {
            return outcome(error)
        }
    }

    /// Puts a copy in the place of the database in a data folder that no daemon uses.
    public func restore(_ path: String, into folder: String, at now: Timestamp) -> Outcome {
        let database = DataFolder(path: folder).databasePath
        do throws(CopyError) {
            let restore = Restore(path, over: StoreOptions(path: database), check: check(path))
            let replaced = try restore.run(at: Timestamp(seconds: now.seconds).description)
            return Outcome(text: Self.restored(database, replaced)[language], exitCode: 0)
        } catch {
            return outcome(error)
        }
    }

    private func check(_ path: String) -> CopyCheck {
        CopyCheck(of: path, modules: SystemModule.migrations(with: modules))
    }

    private func outcome(_ error: CopyError) -> Outcome {
        let code: Int32 =
            switch error {
            case .missing: 66
            case .notOurs, .damaged, .incomplete: 65
            case .store(.migrationChanged), .store(.schemaTooNew), .store(.notADatabase), .store(.corrupt): 65
            case .store(.locked), .exists: 73
            case .store: 74
            }
        return Outcome(text: Self.text(of: error)[language], exitCode: code)
    }
}

// Texts.
extension CopyTool {
    private static func sound(_ path: String, _ report: CopyCheck.Report, _ anchor: Anchor?) -> LocalizedText {
        let modules = report.modules.joined(separator: ", ")
        // A copy of before the log was chained has no anchor.
        let anchor = anchor?.text ?? ""
        return LocalizedText(
            fr:
                "\(path) : copie saine, \(report.byteCount) octets ; modules : \(modules)\n\(anchor)",
            en: "\(path): sound, \(report.byteCount) bytes; modules: \(modules)\n\(anchor)")
    }

    private static func restored(_ database: String, _ replaced: String?) -> LocalizedText {
        guard let replaced else {
            return LocalizedText(fr: "\(database) est restauré.", en: "\(database) is restored.")
        }
        return LocalizedText(
            fr: "\(database) est restauré ; l'ancien est dans \(replaced).",
            en: "\(database) is restored; the old one is in \(replaced).")
    }

    private static func text(of error: CopyError) -> LocalizedText {
        switch error {
        case .exists(let path): LocalizedText(fr: "\(path) existe déjà", en: "\(error)")
        case .missing(let path): LocalizedText(fr: "il n'y a pas de fichier \(path)", en: "\(error)")
        case .notOurs(let path):
            LocalizedText(fr: "\(path) n'est pas une base de données de Cordée", en: "\(error)")
        case .damaged(let path, let findings):
            LocalizedText(fr: "\(path) est endommagé : \(findings.joined(separator: " ; "))", en: "\(error)")
        case .incomplete(let path):
            LocalizedText(
                fr: "\(path) montre que la copie n'a pas été faite par une sauvegarde et n'est pas entière",
                en: "\(error)")
        case .store(.locked(let path)):
            LocalizedText(
                fr: "un démon se sert du dossier (\(path) est tenu) : arrêtez-le d'abord",
                en: "a daemon uses the folder (\(path) is held): stop it first")
        case .store(.schemaTooNew(let module, let name)):
            LocalizedText(
                fr: "la copie vient d'une version plus récente : elle a la migration \(name) du module \(module)",
                en: "\(error)")
        case .store: LocalizedText(fr: "échec : \(error)", en: "\(error)")
        }
    }
}
