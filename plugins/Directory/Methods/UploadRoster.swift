import DirectoryAPI
import ModuleKit

extension DirectoryHandlers {
    func uploadRoster(
        _ requests: RequestStream<API.UploadRosterRequest>, _ call: WaitCall
    ) async throws -> API.ImportRosterResponse {
        var order: ImportOrder?
        var zip: [UInt8] = []
        for try await request in requests {
            if order == nil { order = try self.order(request, call) }
            guard zip.count + request.chunk.count <= intake.bytesMax else {
                throw ArchiveRefusal.tooLarge(bytesMax: intake.bytesMax)
            }
            zip += request.chunk
        }
        guard let order else { throw Status.required("boards") }
        return try await importRoster(zip, order, call)
    }

    private func order(_ first: API.UploadRosterRequest, _ call: WaitCall) throws -> ImportOrder {
        guard !first.boards.isEmpty else { throw Status.required("boards") }
        let order = ImportOrder(
            boards: first.boards, validateOnly: first.validateOnly, confirmDepartures: first.confirmDepartures,
            mode: ImportJob.Mode(first.mode))
        _ = try ledBoards(order, call)
        return order
    }
}
