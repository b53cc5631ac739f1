import DirectoryAPI
import ModuleKit
import SwiftProtobuf
import Testing
import WorkshopsAPI

@Suite("A change by field mask")
struct UpdateMaskTests {
    private let before = CordeeWorkshops_Workshop.with {
        $0.title = ["fr": "Les fractions", "en": "Fractions"]
        $0.capacity = 10
        $0.remoteReserve = 2
    }

    @Test("changes the named fields alone, and clears those that are not set")
    func named() throws {
        let change = CordeeWorkshops_Workshop.with {
            $0.capacity = 12
            $0.title = ["fr": "Autre"]
        }
        let after = try before.updated(by: change, mask: .with { $0.paths = ["capacity", "remote_reserve"] })
        #expect(after.capacity == 12)
        #expect(after.remoteReserve == 0)
        #expect(after.title == before.title)
    }

    @Test("changes all that is set where no field is named (AIP-134)")
    func unnamed() throws {
        let after = try before.updated(by: .with { $0.capacity = 12 }, mask: Google_Protobuf_FieldMask())
        #expect(after.capacity == 12)
        #expect(after.remoteReserve == 2)
        #expect(after.title == before.title)
    }

    @Test("replaces lists and maps as a whole, with a mask and without", arguments: [["title", "facilitators"], []])
    func wholes(paths: [String]) throws {
        var before = before
        before.facilitators = ["boards/b/people/a", "boards/b/people/b"]
        let change = CordeeWorkshops_Workshop.with {
            $0.title = ["fr": "Autre"]
            $0.facilitators = ["boards/b/people/c"]
        }
        let after = try before.updated(by: change, mask: .with { $0.paths = paths })
        #expect(after.title == ["fr": "Autre"])
        #expect(after.facilitators == ["boards/b/people/c"])
        #expect(after.capacity == 10)
    }

    @Test("refuses a path that is no field, and a result that breaks a rule")
    func refuses() {
        let unknown = #expect(throws: Status.self) {
            try before.updated(by: before, mask: .with { $0.paths = ["nonsense"] })
        }
        #expect(unknown?.violations.map(\.field) == ["update_mask"])
        let broken = #expect(throws: Status.self) {
            try before.updated(by: .with { $0.capacity = -1 }, mask: .with { $0.paths = ["capacity", "title"] })
        }
        #expect(broken?.code == .invalidArgument)
        #expect(Set(broken?.violations.map(\.field) ?? []) == ["title", "capacity"])
    }
}
