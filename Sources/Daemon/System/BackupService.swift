import CordeeAPI
import ModuleKit
import RPC
import Store
import SwiftProtobuf
import Threading

/// `cordee.system.v1.Backups`: copies of the database, made while the daemon serves.
struct BackupHandlers: BackupsService {
    typealias Contexts = ModuleCalls

    let store: Store
    let dataFolder: String
    let timeLimit: Duration
    /// One at a time: each occupies a thread for reports, and holds back checkpoints.
    private let isRunning = Lock(false)

    init(store: Store, dataFolder: String, timeLimit: Duration) {
        (self.store, self.dataFolder, self.timeLimit) = (store, dataFolder, timeLimit)
    }

    func createBackup(
        _ request: CordeeSystem_CreateBackupRequest, _ call: WaitCall
    ) async throws -> CordeeSystem_Backup {
        try check(request.path)
        guard isRunning.withLock({ isRunning in !swapped(&isRunning) }) else { throw Status.backupRunning }
        defer { isRunning.withLock { $0 = false } }
        do {
            let (summary, anchor) = try await store.backup(to: request.path, timeLimit: timeLimit) { copy in
                try Anchor.current(in: copy)
            }
            return .with {
                $0.path = request.path
                $0.sizeBytes = summary.byteCount
                $0.createTime = Google_Protobuf_Timestamp(call.now)
                $0.duration = Google_Protobuf_Duration(rounding: summary.duration)
                $0.anchor = anchor?.text ?? ""
            }
        } catch let error as CopyError {
            throw Self.status(error)
        }
    }

    /// - Throws: INVALID_ARGUMENT for a path that is not absolute; FAILED_PRECONDITION for one in the data folder, whose
    ///   loss a copy is to survive.
    private func check(_ path: String) throws(Status) {
        guard path.hasPrefix("/"), !path.hasSuffix("/") else {
            throw .badField(
                "path", "BAD_FORMAT", fr: "un chemin absolu de fichier est attendu",
                en: "an absolute path of a file is expected")
        }
        if DataFolder.isSame(DataFolder.parent(of: path), dataFolder) {
            throw .backupFolder(
                DataFolder.parent(of: path), fr: "c'est le dossier des données lui-même",
                en: "it is the data folder itself")
        }
    }

    private static func status(_ error: CopyError) -> any Error {
        switch error {
        case .exists(let path):
            Status(
                .alreadyExists, "BACKUP_EXISTS",
                fr: "Le fichier existe déjà : \(path)", en: "The file is there already: \(path)")
        case .store(.folder(let path, let code)):
            Status.backupFolder(DataFolder.parent(of: path), fr: errnoText(code), en: errnoText(code))
        case .store(.full), .store(.io), .store(.cannotOpen):
            Status(
                .unavailable, "BACKUP_FAILED",
                fr: "La copie n'a pas pu être écrite : disque plein ou en panne. Il n'en reste rien.",
                en: "The copy could not be written: the disk is full or fails. Nothing of it is left.",
                retryDelay: .seconds(60))
        case .store(.timeLimit):
            Status(
                .resourceExhausted, "BACKUP_TOO_LONG",
                fr: "La copie a pris plus de temps que backup.timeout : il n'en reste rien.",
                en: "The copy took more time than backup.timeout: nothing of it is left.")
        case .store(let error): failure(error)
        case .missing, .notOurs, .damaged, .incomplete: error
        }
    }
}

/// Sets a flag, and tells whether it was set before.
private func swapped(_ flag: inout Bool) -> Bool {
    defer { flag = true }
    return flag
}

extension Status {
    fileprivate static let backupRunning = Status(
        .resourceExhausted, "BACKUP_RUNNING",
        fr: "Une autre copie est en cours.", en: "Another copy is being made.", retryDelay: .seconds(10))

    fileprivate static func backupFolder(_ folder: String, fr: String, en: String) -> Status {
        Status(
            .failedPrecondition, "BACKUP_FOLDER",
            fr: "Le démon ne peut pas écrire de copie dans \(folder) : \(fr)",
            en: "The daemon cannot write a copy into \(folder): \(en)")
    }
}
