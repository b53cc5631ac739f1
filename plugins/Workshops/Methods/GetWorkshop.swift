import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func getWorkshop(_ request: API.GetWorkshopRequest, _ call: ReadCall) throws -> API.Workshop {
        API.Workshop(try call.find(Workshop.self, request.name), at: call.now)
    }
}
