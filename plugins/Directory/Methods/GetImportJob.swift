import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func getImportJob(_ request: API.GetImportJobRequest, _ call: ReadCall) throws -> API.ImportJob {
        guard let name = ImportJobName(request.name), let job = try ImportJob.find(name, in: call.db) else {
            throw Status.notFound(request.name)
        }
        return API.ImportJob(job, problems: try job.problems(in: call.db), call.language)
    }
}
