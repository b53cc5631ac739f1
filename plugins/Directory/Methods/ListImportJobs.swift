import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func listImportJobs(_ request: API.ListImportJobsRequest, _ call: ReadCall) throws -> API.ListImportJobsResponse {
        let page = try call.page(request, key: \ImportJob.key) { board, after, limit in
            try ImportJob.list(board: board, after: after, limit: limit, in: call.db)
        }
        return .with {
            // The errors of each stand in the job itself.
            $0.importJobs = page.items.map { API.ImportJob($0, problems: [], call.language) }
            $0.nextPageToken = page.nextToken
        }
    }
}

extension ImportJob {
    /// Where it stands in the list: ids rise with time.
    fileprivate var key: PageKey<Timestamp> { PageKey(createdAt, name.importJob) }
}
