import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func releaseReserve(_ request: API.ReleaseReserveRequest, _ call: WriteCall) throws -> API.PlacesResponse {
        var workshop = try ledWorkshop(request.name, etag: request.etag, call)
        try workshop.releaseReserve(at: call.now)
        let promoted = try workshop.fillSeats(call)
        try call.emit(.workshop("reserve_released", workshop))
        return API.PlacesResponse(workshop, promoted: promoted, at: call.now)
    }
}
