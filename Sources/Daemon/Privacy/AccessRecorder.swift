import CordeeAPI
import Metrics
import ModuleKit
import Store
import SwiftProtobuf

/// Records who saw whose data: for methods whose proto says `personal = OTHERS`, before their answer leaves.
struct AccessRecorder: Sendable {
    /// Each record takes away as many rows that are too old, so that they go as fast as they come.
    private static let prunedPerRecord = 2

    /// The paths of the methods.
    private let methods: Set<String>
    private let finder: PersonFinder
    /// How long rows are kept.
    private let keep: Duration
    private let recorded, refused: Counter

    /// - Throws: `.personalUnnamed` for a method whose answers name nobody, `.personalUnsaid` for one that shows people
    ///   and does not say so: a module cannot forget it.
    init(_ catalog: APICatalog, keep: Duration, metrics: MetricsRegistry) throws(RegistryError) {
        finder = PersonFinder(catalog.files)
        methods = try Self.methods(of: catalog, finder)
        self.keep = keep
        recorded = metrics.counter("cordee_accesses_recorded_total", "Calls that showed people's data to others.")
        refused = metrics.counter(
            "cordee_accesses_refused_total", "Answers refused because that they were seen could not be recorded.")
    }

    private static func methods(
        of catalog: APICatalog, _ finder: PersonFinder
    ) throws(RegistryError) -> Set<String> {
        var paths: Set<String> = []
        for file in catalog.files {
            for service in file.service {
                for method in service.method {
                    let path = "\(file.package).\(service.name)/\(method.name)"
                    let output = String(method.outputType.dropFirst())
                    switch method.options.CordeeAPI_personal {
                    case .others:
                        guard finder.mayName(peopleIn: output) || !finder.knowsPeople else {
                            throw .personalUnnamed(method: path)
                        }
                        paths.insert(path)
                    case .unspecified, .caller, .UNRECOGNIZED:
                        guard method.options.CordeeAPI_personal == .caller || !finder.shows(recordsIn: output) else {
                            throw .personalUnsaid(method: path)
                        }
                    }
                }
            }
        }
        return paths
    }

    func watches(_ method: String) -> Bool { methods.contains(method) }

    /// Whom an answer shows beside its reader.
    func people(in answer: some SwiftProtobuf.Message, for reader: Caller) -> Set<PersonRef> {
        finder.people(in: answer).filter { $0.person != reader.person }
    }

    /// Writes the record; durable when its write is.
    func record(
        _ people: Set<PersonRef>, by reader: Caller, method: String, at now: Timestamp, in db: Transaction
    ) throws {
        guard !people.isEmpty else { return }
        try AccessTable.insert(people, by: reader, method: method, at: now, in: db)
        try AccessTable.prune(before: now - keep, rowsMax: Self.prunedPerRecord, in: db)
        let recorded = recorded
        db.onCommit { recorded.add() }
    }

    /// Deletes rows that are past their time, at most so many.
    ///
    /// - Returns: how many.
    func prune(_ count: Int, at now: Timestamp, in db: Transaction) throws -> Int {
        try AccessTable.prune(before: now - keep, rowsMax: count, in: db)
    }

    /// Why an answer is refused whose record was not written.
    func refusal(_ error: any Error) -> any Error {
        refused.add()
        return switch error {
        case StoreError.overloaded, StoreError.cancelled, StoreError.closed: failure(error)
        default: Status.accessNotRecorded
        }
    }
}

extension Status {
    /// The answer is there and must not be given, since nobody could be told later that it was.
    static let accessNotRecorded = Status(
        .unavailable, "ACCESS_NOT_RECORDED",
        fr: "La consultation ne peut pas être inscrite au registre : rien n'est montré.",
        en: "That you look at this cannot be recorded: nothing is shown.", retryDelay: .seconds(5))
}
