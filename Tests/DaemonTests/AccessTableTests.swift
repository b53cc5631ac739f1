import CordeeAPI
import FoundationEssentials
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

/// A call that each kind of caller makes, and how it must end for each. Written by hand: what is let in shows in the
/// code of what comes after the check, so that a row changes nothing and can be called in any order.
private struct AccessRow {
    let path: String
    /// With the words of `AccessScene.values` in braces.
    let request: String
    /// For nobody, the operator, a member of the staff, the facilitator of the workshop, and the board's lead.
    let codes: [StatusCode]

    init(_ path: String, _ request: String, _ codes: StatusCode...) {
        (self.path, self.request, self.codes) = (path, request, codes)
    }
}

private let rows: [AccessRow] = [
    AccessRow("cordee.system.v1.System/GetInfo", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.System/WhoAmI", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.Health/Check", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.Health/Watch", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.Connection/Cancel", #"{"streamId":1}"#, .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.Reflection/ListServices", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow("cordee.system.v1.Reflection/GetDescriptors", "{}", .ok, .ok, .ok, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Metrics/ListMetrics", "{}",
        .unauthenticated, .ok, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow("cordee.system.v1.Events/ListEvents", "{}", .unauthenticated, .ok, .ok, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Events/ListEvents", #"{"parent":"boards/elsewhere"}"#,
        .unauthenticated, .notFound, .notFound, .notFound, .notFound),
    AccessRow("cordee.system.v1.Events/Watch", "{}", .unauthenticated, .ok, .ok, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Audit/VerifyLog", "{}",
        .unauthenticated, .ok, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Audit/GetAnchor", "{}",
        .unauthenticated, .ok, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Reactions/ListReactions", "{}",
        .unauthenticated, .ok, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Reactions/RetryReaction", #"{"name":"none.none"}"#,
        .unauthenticated, .notFound, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Reactions/SkipReaction", #"{"name":"none.none","sequence":1}"#,
        .unauthenticated, .notFound, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Jobs/ListJobs", "{}",
        .unauthenticated, .ok, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Jobs/RetryJob", #"{"kind":"none.none","key":"none"}"#,
        .unauthenticated, .notFound, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Backups/CreateBackup", #"{"path":"relative"}"#,
        .unauthenticated, .invalidArgument, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Identity/Bootstrap", #"{"boards":["b-csrb"],"email":"x@csrb.example"}"#,
        .unauthenticated, .failedPrecondition, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow("cordee.system.v1.Identity/CreateToken", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Identity/CreateToken", #"{"person":"{facilitator}"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Identity/CreateToken", #"{"email":"spaquet@csrb.example"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .ok),

    AccessRow(
        "cordee.system.v1.Privacy/ExportPerson", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.system.v1.Privacy/ExportPerson", #"{"person":"{facilitator}"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .notFound),
    AccessRow(
        "cordee.system.v1.Privacy/ErasePerson", #"{"person":"{staff}"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .permissionDenied),
    AccessRow(
        "cordee.system.v1.Privacy/ListAccesses", #"{"parent":"{facilitator}"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .notFound),

    AccessRow(
        "cordee.directory.v1.Directory/GetOrg", #"{"name":"{org}"}"#, .unauthenticated, .permissionDenied, .ok, .ok, .ok
    ),
    AccessRow("cordee.directory.v1.Directory/ListOrgs", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.directory.v1.Directory/GetPerson", #"{"name":"{facilitator}"}"#,
        .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow("cordee.directory.v1.Directory/ListPeople", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow("cordee.directory.v1.Directory/StreamPeople", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.directory.v1.Directory/UploadRoster", #"{"boards":["{board}"],"chunk":"bm8gemlw"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .invalidArgument),
    AccessRow(
        "cordee.directory.v1.Directory/ImportRoster", #"{"boards":["{board}"],"roster":"bm8gemlw"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .invalidArgument),
    AccessRow(
        "cordee.directory.v1.Directory/UpdateOrg", #"{"org":{"name":"{board}/orgs/none"}}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/UpdatePerson", #"{"person":{"name":"{facilitator}","username":"x"}}"#,
        .unauthenticated, .permissionDenied, .notFound, .failedPrecondition, .failedPrecondition),
    AccessRow(
        "cordee.directory.v1.Directory/SuspendPerson", #"{"name":"{board}/people/none"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/ReinstatePerson", #"{"name":"{facilitator}"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .failedPrecondition),
    AccessRow(
        "cordee.directory.v1.Directory/MarkPersonLeft", #"{"name":"{board}/people/none"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/ReportStaff", #"{"parent":"{board}"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .ok),
    AccessRow(
        "cordee.directory.v1.Directory/GetImportJob", #"{"name":"{board}/importJobs/none"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/ListImportJobs", "{}",
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .ok),
    AccessRow(
        "cordee.directory.v1.Directory/RevertImport", #"{"name":"{board}/importJobs/none"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/GrantRole",
        #"{"scope":"{board}","person":"{facilitator}","role":"FACILITATOR"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .ok),
    AccessRow(
        "cordee.directory.v1.Directory/RevokeRole", #"{"name":"{board}/grants/none"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .notFound),
    AccessRow(
        "cordee.directory.v1.Directory/ListGrants", "{}",
        .unauthenticated, .permissionDenied, .permissionDenied, .permissionDenied, .ok),

    AccessRow(
        "cordee.workshops.v1.Workshops/CreateWorkshop",
        #"{"workshop":{"title":{"fr":"Les fractions"},"capacity":3},"validateOnly":true}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/GetWorkshop", #"{"name":"{workshop}"}"#,
        .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/GetWorkshop", #"{"name":"{draft}"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .ok),
    AccessRow("cordee.workshops.v1.Workshops/ListWorkshops", "{}", .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/UpdateWorkshop",
        #"{"workshop":{"name":"{workshop}","title":{"fr":"Autre"}},"updateMask":"title","validateOnly":true}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/PublishWorkshop", #"{"name":"{workshop}"}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .failedPrecondition, .failedPrecondition),
    AccessRow(
        "cordee.workshops.v1.Workshops/PublishWorkshop", #"{"name":"{draft}","etag":"\"zz\""}"#,
        .unauthenticated, .permissionDenied, .notFound, .aborted, .aborted),
    AccessRow(
        "cordee.workshops.v1.Workshops/Register", #"{"workshop":"{workshop}","person":"{staff}"}"#,
        .unauthenticated, .permissionDenied, .alreadyExists, .permissionDenied, .alreadyExists),
    AccessRow(
        "cordee.workshops.v1.Workshops/Withdraw", #"{"name":"{registration}","etag":"\"zz\""}"#,
        .unauthenticated, .permissionDenied, .aborted, .aborted, .aborted),
    AccessRow(
        "cordee.workshops.v1.Workshops/Withdraw", #"{"name":"{other}","etag":"\"zz\""}"#,
        .unauthenticated, .permissionDenied, .notFound, .aborted, .aborted),
    AccessRow(
        "cordee.workshops.v1.Workshops/SetCapacity", #"{"name":"{workshop}","capacity":9,"etag":"\"zz\""}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .aborted, .aborted),
    AccessRow(
        "cordee.workshops.v1.Workshops/ReleaseReserve", #"{"name":"{workshop}","etag":"\"zz\""}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .aborted, .aborted),
    AccessRow(
        "cordee.workshops.v1.Workshops/RecordAttendance",
        #"{"workshop":"{workshop}","session":1,"entries":[{"registration":"{registration}","minutes":1}]}"#,
        .unauthenticated, .permissionDenied, .permissionDenied, .failedPrecondition, .failedPrecondition),
    AccessRow(
        "cordee.workshops.v1.Workshops/GetRegistration", #"{"name":"{registration}"}"#,
        .unauthenticated, .permissionDenied, .ok, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/GetRegistration", #"{"name":"{other}"}"#,
        .unauthenticated, .permissionDenied, .notFound, .ok, .ok),
    AccessRow(
        "cordee.workshops.v1.Workshops/ListRegistrations", #"{"parent":"{workshop}"}"#,
        .unauthenticated, .permissionDenied, .ok, .ok, .ok),
]

@Suite("Who may call what")
struct AccessTableTests {
    @Test("each method answers each kind of caller as its row says, and each method has a row")
    func table() async throws {
        let scene = try await AccessScene()
        let listed = try await scene.scenario.operator.call(ReflectionMethods.listServices, .init())
        var served: [String: StreamingKind] = [:]
        for service in listed.services {
            for method in service.methods {
                served["\(service.name)/\(method.name)"] = StreamingKind(
                    clientStreams: method.clientStreaming, serverStreams: method.serverStreaming)
            }
        }
        #expect(Set(served.keys) == Set(rows.map(\.path)))
        for row in rows {
            let request = scene.fill(row.request)
            for (caller, expected) in zip(scene.callers, row.codes) {
                let code = try await caller.client.code(of: row.path, request, served[row.path] ?? .unary)
                #expect(code == expected, "\(row.path) \(row.request) by \(caller.name)")
            }
        }
    }

    @Test("a participant sees their own registration in the list and no other name")
    func ownRegistrationsOnly() async throws {
        let scene = try await AccessScene()
        let seen = try await scene.staff.client.call(
            WorkshopsMethods.listRegistrations, .with { $0.parent = scene.workshop })
        #expect(seen.registrations.map(\.person) == [scene.staff.name])
        let led = try await scene.scenario.registrations(of: scene.workshop)
        #expect(Set(led.map(\.person)) == [scene.staff.name, scene.other.name])
    }
}

/// A published workshop with two who take part, a draft beside it, and one caller of each kind.
private struct AccessScene {
    let scenario: Scenario
    let staff: Scenario.Person
    let other: Scenario.Person
    let workshop: String
    let callers: [(name: String, client: TestClient)]
    private let values: [String: String]

    init() async throws {
        scenario = try await Scenario.start(
            settings: ["listen.tcp": "127.0.0.1:0", "listen.tcp_clear_on_loopback": "true"])
        staff = try await scenario.person("p-0013")
        other = try await scenario.person("p-0014")
        workshop = try await scenario.workshop().name
        let draft = try await scenario.workshop(isPublished: false).name
        let board = scenario.board
        values = [
            "board": board, "org": "\(board)/orgs/\(board.split(separator: "/")[1])",
            "facilitator": scenario.facilitatorName, "staff": staff.name, "workshop": workshop, "draft": draft,
            "registration": try await staff.register(in: workshop).name,
            "other": try await other.register(in: workshop).name,
        ]
        callers = [
            // Over TCP no user id stands behind the connection.
            ("nobody", try await scenario.daemon.tcpClient()), ("operator", scenario.operator),
            ("staff", staff.client), ("facilitator", scenario.facilitator), ("lead", scenario.lead),
        ]
    }

    func fill(_ request: String) -> String {
        values.reduce(request) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
}
