import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func getRegistration(_ request: API.GetRegistrationRequest, _ call: ReadCall) throws -> API.Registration {
        try message(findRegistration(request.name, call, in: call.db).registration, in: call.db)
    }
}
