import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func getRegistration(_ request: API.GetRegistrationRequest, _ call: ReadCall) throws -> API.Registration {
        try message(call.find(Participation.self, request.name).registration, in: call.db)
    }
}
