/// A copy of an existing database, written into its folder before its schema is changed.
public struct BeforeMigration: Sendable {
    /// What the file is called after, between `before-` and `.db`; a later one sorts behind an earlier one.
    public let label: String
    /// How many are kept, the newest; 0: none is made.
    public let countMax: Int

    public init(label: String, countMax: Int) { (self.label, self.countMax) = (label, countMax) }

    private static let (prefix, suffix) = ("before-", ".db")

    /// - Throws: `migrationFailed`, when there is no room for the copy, say: the schema is left as it is.
    func write(from connection: Connection, _ options: StoreOptions) throws(StoreError) {
        guard countMax > 0 else { return }
        let path = options.folder + "/" + Self.prefix + label + Self.suffix
        do throws(CopyError) {
            _ = try Backup(path: path, options: options).write(from: connection) { _ in }
        } catch {
            throw .migrationFailed(module: "store", name: "copy before migrating", reason: "\(error)")
        }
        options.notice(.copiedBeforeMigration(path: path))
        let kept = try Files.names(in: options.folder).filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }
        for name in kept.dropLast(countMax) { try Files.remove(options.folder + "/" + name) }
    }
}
