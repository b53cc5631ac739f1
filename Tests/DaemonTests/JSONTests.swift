import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("JSON at the daemon")
struct JSONTests {
    @Test("an unknown field deep in a request is refused with its path, in the caller's language")
    func unknownField() async throws {
        let scenario = try await Scenario.start()
        let request = #"{"parent":"\#(scenario.board)","workshop":{"sessions":[{},{"zome":"America/Toronto"}]}}"#
        for (language, text) in [("fr", "ce champ n'existe pas"), ("en", "there is no such field")] {
            let caller = scenario.facilitator.speaking(language)
            let status = await #expect(throws: Status.self) {
                try await caller.client.call(
                    service: "cordee.workshops.v1.Workshops", method: "CreateWorkshop", payload: Array(request.utf8),
                    caller.options(json: true))
            }
            let violation = status?.violations.first
            #expect(violation?.field == "workshop.sessions[1].zome" && violation?.reason == "UNKNOWN_FIELD")
            #expect(violation?.text.fr == text)
        }
    }

    @Test("a workshop is written and read in JSON as in protobuf, mask, map, enum and instants included")
    func update() async throws {
        let scenario = try await Scenario.start()
        let draft = try await scenario.facilitator.call(
            WorkshopsMethods.createWorkshop,
            .with {
                $0.parent = scenario.board
                ($0.workshop.title, $0.workshop.mode, $0.workshop.capacity) = (["fr": "Évaluer"], .online, 3)
            }, json: true)
        let request = #"{"workshop":{"name":"\#(draft.name)","title":{"fr":"é"},"capacity":9},"updateMask":"title"}"#
        let facilitator = scenario.facilitator
        let answer = try await facilitator.client.call(
            service: "cordee.workshops.v1.Workshops", method: "UpdateWorkshop", payload: Array(request.utf8),
            facilitator.options(json: true))
        let read = try await facilitator.call(WorkshopsMethods.getWorkshop, .with { $0.name = draft.name })
        #expect(read.title == ["fr": "é"] && read.capacity == 3 && read.mode == .online)
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.contains(#""title":{"fr":"é"},"#) && text.contains(#""mode":"ONLINE""#))
        #expect(text.contains(#/"createTime":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"/#))
    }
}
