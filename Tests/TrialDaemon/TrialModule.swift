import ModuleKit
import RPC
import SwiftProtobuf
import TrialAPI

/// A module whose reactions and jobs write down that they ran, and fail when a test says so.
struct TrialModule: DomainModule {
    let name = "trial"
    let version = "0.1.0"
    let personalData = PersonalData.none
    let boardData = BoardData(
        [],
        leftOut: [
            LeftOutTable("trial_done", fr: "Un essai.", en: "A trial."),
            LeftOutTable("trial_failing", fr: "Un essai.", en: "A trial."),
        ])
    let descriptors: any DescriptorSource.Type = TrialAPIDescriptors.self
    let migrations = [
        Migration(
            "tables",
            """
            CREATE TABLE trial_done (
                place   INTEGER PRIMARY KEY,
                by      TEXT NOT NULL,
                subject TEXT NOT NULL,
                number  INTEGER NOT NULL,
                at      INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE trial_failing (what TEXT PRIMARY KEY) STRICT;
            """)
    ]

    static let happened = "trial.thing.happened.v1"
    static let echoed = "trial.thing.echoed.v1"

    let reactions = [
        Reaction("first", to: [happened], from: .beginning) { try note("first", $0, $1) },
        Reaction("second", to: [happened], from: .beginning) { try note("second", $0, $1) },
        // Its own event is of another reaction's type.
        Reaction("echoer", to: [happened], from: .now) { logged, call in
            try call.emit(Event(echoed, board: "", subject: logged.event.subject))
        },
        Reaction("listener", to: [echoed], from: .now) { try note("listener", $0, $1) },
    ]

    let jobs = [
        JobKind("trial.once") { job, due, call in
            try done("once", job.key, due.microseconds, call)
        },
        JobKind("trial.daily", every: .seconds(86_400)) { job, due, call in
            try done("daily", job.key, due.microseconds, call)
        },
    ]

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { TrialHandlers().bindings }

    private static func note(_ by: String, _ logged: LoggedEvent, _ call: EffectCall) throws {
        try done(by, logged.event.subject, logged.sequence, call)
    }

    /// Writes down a run, and only then fails: what was written must not stay.
    private static func done(_ by: String, _ subject: String, _ number: Int64, _ call: EffectCall) throws {
        try call.db.execute(
            "INSERT INTO trial_done (by, subject, number, at) VALUES (?1, ?2, ?3, ?4)", by, subject, number, call.now)
        let what = "\(by) \(subject)"
        guard try call.db.value("SELECT 1 FROM trial_failing WHERE what = ?1", what, as: Int.self) == nil else {
            throw Status(.unavailable, "TRIAL", fr: "\(subject) échoue", en: "\(subject) fails")
        }
    }
}

struct TrialHandlers: TrialService {
    typealias Contexts = ModuleCalls

    func emit(_ request: TrialMessages.EmitRequest, _ call: WriteCall) throws -> TrialMessages.EmitResponse {
        for subject in request.subjects {
            try call.emit(Event(TrialModule.happened, board: "", subject: subject))
        }
        return .init()
    }

    func plan(_ request: TrialMessages.PlanRequest, _ call: WriteCall) throws -> TrialMessages.PlanResponse {
        for key in request.keys {
            try call.schedule(Job("trial.once", key: key), at: Timestamp(microseconds: request.dueUs))
        }
        return .init()
    }

    func setFailing(
        _ request: TrialMessages.SetFailingRequest, _ call: WriteCall
    ) throws -> TrialMessages.SetFailingResponse {
        if request.failing {
            try call.db.execute(
                "INSERT INTO trial_failing (what) VALUES (?1) ON CONFLICT (what) DO NOTHING", request.what)
        } else {
            try call.db.execute("DELETE FROM trial_failing WHERE what = ?1", request.what)
        }
        return .init()
    }

    func listDone(_ request: TrialMessages.ListDoneRequest, _ call: ReadCall) throws -> TrialMessages.ListDoneResponse {
        let rows = try call.db.query(
            "SELECT by, subject, number, at FROM trial_done WHERE ?1 = '' OR by = ?1 ORDER BY place", request.by
        ) { row in
            var done = TrialMessages.Done()
            (done.by, done.subject) = (try row.get(0), try row.get(1))
            (done.number, done.atUs) = (try row.get(2), try row.get(3))
            return done
        }
        return .with { $0.done = rows }
    }
}
