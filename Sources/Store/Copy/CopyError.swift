/// Why a copy of the database could not be written, trusted or put back. Texts name files, never values.
public enum CopyError: Error, Equatable, Sendable {
    /// Something has the copy's name already; it is never written over.
    case exists(path: String)
    /// There is no such file.
    case missing(path: String)
    /// The file is no database of Cordée.
    case notOurs(path: String)
    /// The file is damaged, or rows refer to rows that are not there; the first findings.
    case damaged(path: String, findings: [String])
    /// A file lies beside the copy without which the copy is not whole: it was taken from a running daemon by hand.
    case incomplete(path: String)
    /// The Store, the disk or the folder failed.
    case store(StoreError)
}

extension CopyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let path): "\(path) is there already"
        case .missing(let path): "there is no file \(path)"
        case .notOurs(let path): "\(path) is no database of Cordée"
        case .damaged(let path, let findings): "\(path) is damaged: \(findings.joined(separator: "; "))"
        case .incomplete(let path): "\(path) shows that the copy was not made by a backup and is not whole"
        case .store(let error): "\(error)"
        }
    }
}

extension CopyError {
    /// What `error`, thrown while a copy was made or read, is to whoever asked for it.
    init(_ error: any Error) {
        switch error {
        case let error as CopyError: self = error
        case let error as StoreError: self = .store(error)
        default: self = .store(.statement(sql: "", code: 0, reason: "\(error)"))
        }
    }
}
