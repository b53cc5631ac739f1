import EchoAPI
import ModuleKit
import RPC
import SwiftProtobuf

/// A module like any other, whose methods do nothing: what a call or a message costs beside its handler.
struct EchoModule: DomainModule {
    let personalData = PersonalData.none
    let boardData = BoardData(
        [], leftOut: [LeftOutTable("benchmark_notes", fr: "Un essai.", en: "A trial.")])
    let name = "benchmark"
    let version = "0.1.0"
    let migrations = [
        Migration(
            "notes",
            """
            CREATE TABLE benchmark_notes (
                id          TEXT PRIMARY KEY,
                text        TEXT NOT NULL,
                created_at  INTEGER NOT NULL
            ) STRICT;
            """)
    ]
    let descriptors: any DescriptorSource.Type = EchoAPIDescriptors.self

    func services(in host: ModuleHost) throws -> [MethodBinding<ModuleCalls>] { EchoHandlers().bindings }
}

struct EchoHandlers: EchoService {
    typealias Contexts = ModuleCalls

    func echo(_ request: EchoMessages.Note, _ call: ReadCall) throws -> EchoMessages.Note { request }

    func echoToAnyone(_ request: EchoMessages.EchoToAnyoneRequest, _ call: ReadCall) throws -> EchoMessages.Note {
        .with { $0.text = request.text }
    }

    func echoToStaff(_ request: EchoMessages.EchoToStaffRequest, _ call: ReadCall) throws -> EchoMessages.Note {
        .with { $0.text = request.text }
    }

    func keep(_ request: EchoMessages.KeepRequest, _ call: WriteCall) throws -> EchoMessages.Note {
        let id = call.newID()
        try call.db.execute(
            "INSERT INTO benchmark_notes (id, text, created_at) VALUES (?1, ?2, ?3)", id, request.text, call.now)
        try call.emit(Event("benchmark.note.kept.v1", board: call.caller.homeBoard ?? "", subject: "notes/\(id)"))
        return .with { $0.text = request.text }
    }

    func count(
        _ request: EchoMessages.CountRequest, _ responses: ResponseSender<EchoMessages.Note>, _ call: WaitCall
    ) async throws {
        let note = EchoMessages.Note.with { $0.text = request.text }
        for _ in 0..<max(request.count, 0) { try await responses.send(note) }
    }
}
