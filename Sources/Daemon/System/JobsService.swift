public import CordeeAPI
@_spi(Daemon) public import ModuleKit
import RPC
import SwiftProtobuf

/// `cordee.system.v1.Jobs`: the jobs that wait, and what an operator does with one that fails.
struct JobsHandlers: JobsService {
    typealias Contexts = ModuleCalls

    private let active: Set<String>
    private let jobs: JobTable

    /// - Parameter modules: those that are turned on.
    init(modules: [any DomainModule], jobs: JobTable) {
        active = Set(modules.flatMap { $0.jobs.map(\.name) })
        self.jobs = jobs
    }

    func listJobs(_ request: CordeeSystem_ListJobsRequest, _ call: ReadCall) throws -> CordeeSystem_ListJobsResponse {
        // A place in the list is a kind and a key: the latter may be longer than an id of a page token.
        let page = try call.page(
            request, sections: [""], key: { PageKey(Array($0.key.utf8), $0.kind) }, shows: { _ in true }
        ) { _, after, limit in
            let key = String(decoding: after.order, as: UTF8.self)
            return try JobTable.list(
                after: (after.id, key), limit: limit, failedOnly: request.failedOnly, in: call.db)
        }
        return .with {
            $0.jobs = page.items.map(message)
            $0.nextPageToken = page.nextToken
        }
    }

    func retryJob(_ request: CordeeSystem_RetryJobRequest, _ call: WriteCall) throws -> CordeeSystem_Job {
        let (kind, key) = (request.kind, request.key)
        guard try JobTable.find(kind, key: key, in: call.db) != nil else { throw Status.notFound("\(kind) \(key)") }
        guard try jobs.retry(kind, key: key, in: call.db) else { throw Status.notFailed }
        try call.emit(Event("system.job.retried.v1", board: "", subject: key.isEmpty ? kind : "\(kind)/\(key)"))
        guard let row = try JobTable.find(kind, key: key, in: call.db) else { throw Status.notFound(key) }
        return message(row)
    }

    private func message(_ row: JobTable.Entry) -> CordeeSystem_Job {
        .with {
            ($0.kind, $0.key) = (row.kind, row.key)
            $0.state = .init(isActive: active.contains(row.kind), isSetAside: row.isAside, hasFailed: row.tries > 0)
            $0.dueTime = Google_Protobuf_Timestamp(row.due)
            $0.tryTime = Google_Protobuf_Timestamp(row.tryAt)
            $0.tries = Int32(clamping: row.tries)
            $0.failure = row.failure ?? ""
        }
    }
}

/// The list has no parent: the daemon's jobs are all that there are.
extension CordeeSystem_ListJobsRequest: PagedRequest {
    public var parent: String { "" }
}
