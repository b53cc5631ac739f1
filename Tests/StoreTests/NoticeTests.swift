import Store
import Testing
import Threading

@Suite("What the log is told")
struct NoticeTests {
    @Test("a write cut at its budget is told of by its method, which names its module")
    func overBudget() async throws {
        let notices = Lock<[StoreNotice]>([])
        let test = try TestStore { options in
            options.bodyBudget = .milliseconds(1)
            options.notice = { notice in notices.withLock { $0.append(notice) } }
        }
        defer { test.store.close() }
        let label = "cordee.workshops.v1.Registrations/Register"
        await #expect(throws: StoreError.budget(label: label)) {
            try await test.store.write(label) { db in
                try db.value(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                    as: Int.self)
            }
        }
        let told = notices.withLock { $0.map { "\($0)" } }
        #expect(told.contains { $0.hasPrefix("\(label) ran longer than a write may") })
        #expect(test.metric("bodies_over_budget") == 1)
    }
}
