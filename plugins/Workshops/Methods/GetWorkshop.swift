import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func getWorkshop(_ request: API.GetWorkshopRequest, _ call: ReadCall) throws -> API.Workshop {
        API.Workshop(try Workshop.find(request.name, for: call.caller, in: call.db), at: call.now)
    }
}
