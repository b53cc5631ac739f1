extension StoreNotice: CustomStringConvertible {
    /// For the log. The label of a write names its method, job or reaction, and so its module.
    public var description: String {
        switch self {
        case .uncleanStop: "the last stop was not a clean one: serving, and checking the database meanwhile"
        case .checked(nil): "the database was checked: nothing was found"
        case .checked(let damage?): "the database is damaged: \(damage)"
        case .bodyOverBudget(let label): "\(label) ran longer than a write may: it was cut and undone"
        case .groupAbandoned(let label, let error):
            "\(label) ended the transaction of its group (\(error)): the others are run again"
        case .commitFailed(let error): "COMMIT failed (\(error)): whether its writes are kept is not known"
        case .reopeningFailed(let reason): "the database cannot be opened anew for writing: \(reason)"
        case .copiedBeforeMigration(let path): "the database was copied to \(path) before it is migrated"
        case .checkpointFailed(let error): "a checkpoint failed (\(error)): it is tried again later"
        }
    }
}
