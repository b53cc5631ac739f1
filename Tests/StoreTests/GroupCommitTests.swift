import Testing

@testable import Store

@Suite("The decisions about a group")
struct GroupCommitTests {
    private static let limits = GroupCommit<Int, String>.Limits(bodies: 3, bytes: 100, nanoseconds: 50)

    private func group(_ bodies: [Int], byteCount: Int = 1) -> GroupCommit<Int, String> {
        var group = GroupCommit<Int, String>(limits: Self.limits, beganAt: 1000)
        for body in bodies { group.add(body, "answer \(body)", byteCount: byteCount) }
        return group
    }

    @Test("it ends at its number of bodies, not before")
    func boundedInBodies() {
        #expect(group([1, 2]).hasRoom(at: 1000))
        #expect(!group([1, 2, 3]).hasRoom(at: 1000))
    }

    @Test("it ends at its bytes, not before")
    func boundedInBytes() {
        #expect(group([1], byteCount: 99).hasRoom(at: 1000))
        #expect(!group([1], byteCount: 100).hasRoom(at: 1000))
    }

    @Test("it ends at its time, not before")
    func boundedInTime() {
        #expect(group([1]).hasRoom(at: 1049))
        #expect(!group([1]).hasRoom(at: 1050))
    }

    @Test("its first body always has room, so that every limit lets the writer go on")
    func firstBody() { #expect(group([]).hasRoom(at: 9999)) }

    @Test("when it is abandoned, all that ran before the guilty one run again in their order")
    func abandoned() { #expect(group([5, 3, 4]).abandon() == [5, 3, 4]) }

    @Test("when it is committed, each body gets its own answer, in order")
    func committed() {
        let ran = group([2, 1]).committed()
        #expect(ran.map(\.body) == [2, 1])
        #expect(ran.map(\.answer) == ["answer 2", "answer 1"])
    }
}
