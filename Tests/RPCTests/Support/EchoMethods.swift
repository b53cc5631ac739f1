import EventLoop
public import GoogleRPC
public import RPC
import SwiftProtobuf

/// The message of the tests: two texts and a map.
typealias Note = GoogleRPC_ErrorInfo

extension GoogleRPC_ErrorInfo: Validated {
    public func validate(_ violations: inout Violations) {}
}

struct UnknownToCallers: Error {}

/// The methods of the test service, as a client names them.
enum Echo {
    static let service = "cordee.test.v1.Echo"
    static let say = method("Say")
    static let later = method("Later")
    static let sayLater = method("SayLater")
    static let refuse = method("Refuse")
    static let breakDown = method("BreakDown")
    static let describe = method("Describe")
    static let big = method("Big")

    private static func method(_ name: String) -> Method<Note, Note> {
        Method(service: service, name: name, isReadOnly: true, resourceName: { _ in "" })
    }

    static let refusal: Status = {
        var status = Status(
            .failedPrecondition, "CAPACITY_FULL", fr: "L'atelier est complet.", en: "The workshop is full.",
            metadata: ["capacity": "3"],
            violations: [
                FieldViolation(field: "a.b[0]", reason: "REQUIRED", fr: "obligatoire", en: "required"),
                FieldViolation(field: "c", reason: "TOO_LONG", fr: "trop long", en: "too long"),
            ])
        status.retryDelay = .milliseconds(1_500)
        return status
    }()

    /// The methods with their handlers; `Later` waits at the gate.
    static func methods(_ gate: Gate) -> [ServerMethod] {
        [
            inline(say) { note, _ in note },
            ServerMethod(service: service, name: later.name) { call, payload in
                answer(call, payload) { note in
                    try await gate.pass()
                    return note
                }
            },
            ServerMethod(service: service, name: sayLater.name) { call, payload in
                let loop = call.connection.loop
                answer(call, payload) { note in
                    try await loop.sleep(for: .zero)
                    precondition(loop.isCurrent)
                    return note
                }
            },
            inline(refuse) { _, _ in throw refusal },
            inline(breakDown) { _, _ in throw UnknownToCallers() },
            inline(describe) { _, call in describe(call) },
            inline(big) { note, _ in
                Note.with { $0.reason = String(repeating: "x", count: Int(note.reason) ?? 0) }
            },
        ]
    }

    private static func describe(_ call: ServerCall) -> Note {
        .with {
            $0.reason = call.id
            $0.domain = call.language.rawValue
            $0.metadata["x-plain"] = call.metadata("x-plain")
            $0.metadata["cordee-actor"] = call.metadata("cordee-actor")
            $0.metadata["authorization"] = call.metadata("authorization")
            $0.metadata["authorization-id"] = "\(call.authorizationID)"
        }
    }

    private static func inline(
        _ method: Method<Note, Note>, _ handler: @escaping @Sendable (Note, ServerCall) throws -> Note
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name) { call, payload in
            do { call.respond(try handler(try call.decode(Note.self, payload), call)) } catch { call.fail(error) }
        }
    }

    private static func answer(
        _ call: ServerCall, _ payload: RawSpan, _ body: @escaping @Sendable (Note) async throws -> Note
    ) {
        do {
            let note = try call.decode(Note.self, payload)
            call.run { try await body(note) }
        } catch {
            call.fail(error)
        }
    }
}

extension GoogleRPC_ErrorInfo {
    init(_ reason: String, domain: String = "") {
        self.init()
        (self.reason, self.domain) = (reason, domain)
    }
}
