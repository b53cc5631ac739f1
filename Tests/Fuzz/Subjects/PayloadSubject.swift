import CordeeAPI
import DirectoryAPI
@testable import RPC
import SwiftProtobuf
import WorkshopsAPI

/// A call's message is refused or read; what was read can be checked, and written again it is the same in both codecs.
///
/// The first byte of an input says which message, and by its highest bit which codec.
struct PayloadSubject {
    private typealias Check = (RawSpan, PayloadCodec) throws -> Void

    private let input: [UInt8]

    init(_ input: [UInt8]) { self.input = input }

    func run() throws {
        guard let first = input.first else { return }
        let codec: PayloadCodec = first & 0x80 == 0 ? .protobuf : .json
        let check = Self.checks[Int(first & 0x7F) % Self.checks.count]
        let payload = Array(input.dropFirst())
        try check(payload.span.bytes, codec)
    }

    /// The place of a message in the first byte of an input, for those who make seeds.
    ///
    /// New ones come last, so that older inputs keep their meaning.
    private static var checks: [Check] {
        system + directory + workshops
    }

    private static var system: [Check] {
        [
            { try check(CordeeMessages.BootstrapRequest.self, $0, $1) },
            { try check(CordeeMessages.CreateTokenRequest.self, $0, $1) },
            { try check(CordeeMessages.GetDescriptorsRequest.self, $0, $1) },
            { try check(CordeeMessages.ListMetricsRequest.self, $0, $1) },
        ]
    }

    private static var directory: [Check] {
        [
            { try check(DirectoryMessages.GetOrgRequest.self, $0, $1) },
            { try check(DirectoryMessages.ListOrgsRequest.self, $0, $1) },
            { try check(DirectoryMessages.GetPersonRequest.self, $0, $1) },
            { try check(DirectoryMessages.ListPeopleRequest.self, $0, $1) },
            { try check(DirectoryMessages.ImportRosterRequest.self, $0, $1) },
            { try check(DirectoryMessages.GrantRoleRequest.self, $0, $1) },
            { try check(DirectoryMessages.RevokeRoleRequest.self, $0, $1) },
            { try check(DirectoryMessages.ListGrantsRequest.self, $0, $1) },
        ]
    }

    private static var workshops: [Check] {
        [
            { try check(WorkshopsMessages.CreateWorkshopRequest.self, $0, $1) },
            { try check(WorkshopsMessages.GetWorkshopRequest.self, $0, $1) },
            { try check(WorkshopsMessages.ListWorkshopsRequest.self, $0, $1) },
            { try check(WorkshopsMessages.UpdateWorkshopRequest.self, $0, $1) },
            { try check(WorkshopsMessages.PublishWorkshopRequest.self, $0, $1) },
            { try check(WorkshopsMessages.RegisterRequest.self, $0, $1) },
            { try check(WorkshopsMessages.WithdrawRequest.self, $0, $1) },
            { try check(WorkshopsMessages.SetCapacityRequest.self, $0, $1) },
            { try check(WorkshopsMessages.ReleaseReserveRequest.self, $0, $1) },
            { try check(WorkshopsMessages.RecordAttendanceRequest.self, $0, $1) },
            { try check(WorkshopsMessages.GetRegistrationRequest.self, $0, $1) },
            { try check(WorkshopsMessages.ListRegistrationsRequest.self, $0, $1) },
        ]
    }

    private static func check<M: Message & Validated & Equatable>(
        _ type: M.Type, _ bytes: RawSpan, _ codec: PayloadCodec
    ) throws {
        let depthMax = ServerLimits().decodeDepthMax
        let message: M
        do { message = try Payload.decode(type, bytes, codec, depthMax: depthMax) } catch {
            try refused(error)
            return
        }
        try validated(message)
        let binary: [UInt8] = try message.serializedBytes(partial: true)
        let again = try Payload.decode(type, binary.span.bytes, .protobuf, depthMax: depthMax)
        try Finding.unless(again == message, "protobuf changes \(type)")
        // A Timestamp beyond the year 9999 or a mask's odd path has no JSON: then the caller is told so.
        guard let json = try? message.jsonUTF8Bytes() as [UInt8] else { return }
        let read = try Payload.decode(type, json.span.bytes, .json, depthMax: depthMax)
        // Without fields that JSON does not carry: those unknown here.
        let rewritten: [UInt8] = try read.jsonUTF8Bytes()
        let reread = try Payload.decode(type, rewritten.span.bytes, .json, depthMax: depthMax)
        try Finding.unless(
            reread == read,
            "JSON changes \(type): \(String(decoding: json, as: UTF8.self))")
    }

    /// A refusal is a status that can be sent, and not longer for a longer input.
    private static func refused(_ error: Status) throws {
        try Finding.unless(error.code == .invalidArgument, "refused as \(error.code)")
        try Finding.unless(error.encoded(language: .fr, callID: nil).count < 2048, "a refusal is long")
        let isField = error.reason == "BAD_REQUEST" && error.violations.count == 1
        try Finding.unless(isField || error.reason == "MALFORMED_PAYLOAD", "refused as \(error.reason)")
        try Finding.unless(error.violations.allSatisfy { !$0.field.isEmpty }, "a violation without a field")
        let json = error.json(language: .fr, callID: "é\"")
        let read = try Google_Protobuf_Struct(jsonUTF8Bytes: json)
        try Finding.unless(read.fields["details"]?.listValue.values.isEmpty == false, "details are lost in JSON")
    }

    private static func validated(_ message: some Validated) throws {
        var violations = Violations()
        message.validate(&violations)
        try Finding.unless(violations.all.count <= Violations.countMax, "more violations than are kept")
        var thrown: Status?
        do { try violations.throwIfAny() } catch { thrown = error }
        try Finding.unless((thrown == nil) == violations.all.isEmpty, "violations without a status")
        guard let thrown else { return }
        guard case .failed(let sent) = Status.decode(thrown.encoded(language: .en, callID: nil).span.bytes) else {
            throw Finding(description: "violations cannot be sent")
        }
        try Finding.unless(sent.violations.count == violations.all.count, "violations are lost")
    }
}
