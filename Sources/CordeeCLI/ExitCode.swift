public import RPC

/// How the process ends: scripts tell kinds of failure apart by it. The numbers are those of sysexits.h where one fits.
public enum ExitCode: Int32, Sendable, CaseIterable {
    /// All went well.
    case success = 0
    /// Another failure: cancelled, or of a kind that the daemon does not know itself.
    case failure = 1
    /// The command line is wrong (EX_USAGE).
    case usage = 64
    /// A value is wrong, here or for the daemon: INVALID_ARGUMENT, OUT_OF_RANGE (EX_DATAERR).
    case invalidArgument = 65
    /// What is named is not there: NOT_FOUND, or a file of the command line (EX_NOINPUT).
    case notFound = 66
    /// No daemon, or one that does not serve this: UNAVAILABLE, UNIMPLEMENTED (EX_UNAVAILABLE).
    case unavailable = 69
    /// A fault in the daemon: INTERNAL, DATA_LOSS, or an answer that makes no sense (EX_SOFTWARE).
    case internalFault = 70
    /// Not in this state: ALREADY_EXISTS, FAILED_PRECONDITION (EX_CANTCREAT).
    case failedPrecondition = 73
    /// What was to be printed could not be written (EX_IOERR).
    case outputLost = 74
    /// Try again later: RESOURCE_EXHAUSTED, ABORTED (EX_TEMPFAIL).
    case tryAgain = 75
    /// Not allowed: PERMISSION_DENIED, UNAUTHENTICATED (EX_NOPERM).
    case notAllowed = 77
    /// Took too long: DEADLINE_EXCEEDED (as timeout(1) ends).
    case deadline = 124

    /// The exit code for a status of the daemon.
    public init(_ code: StatusCode) {
        switch code {
        case .ok: self = .success
        case .cancelled, .unknown: self = .failure
        case .invalidArgument, .outOfRange: self = .invalidArgument
        case .notFound: self = .notFound
        case .unavailable, .unimplemented: self = .unavailable
        case .internal, .dataLoss: self = .internalFault
        case .alreadyExists, .failedPrecondition: self = .failedPrecondition
        case .resourceExhausted, .aborted: self = .tryAgain
        case .permissionDenied, .unauthenticated: self = .notAllowed
        case .deadlineExceeded: self = .deadline
        }
    }
}
