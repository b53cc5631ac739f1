import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func setCapacity(_ request: API.SetCapacityRequest, _ call: WriteCall) throws -> API.PlacesResponse {
        var workshop = try ledWorkshop(request.name, etag: request.etag, call)
        try workshop.setCapacity(Int(request.capacity), at: call.now)
        let promoted = try workshop.fillSeats(call)
        try call.emit(.workshop("capacity_set", workshop))
        return API.PlacesResponse(workshop, promoted: promoted, at: call.now)
    }
}
