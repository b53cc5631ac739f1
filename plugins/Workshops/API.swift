public import ModuleKit
public import WorkshopsAPI

/// The module's messages, by the names of the proto.
typealias API = WorkshopsMessages

extension WorkshopsMessages.ListWorkshopsRequest: PagedRequest {}
extension WorkshopsMessages.ListRegistrationsRequest: PagedRequest {}
extension WorkshopsMessages.CreateWorkshopRequest: ValidatesOnly {}
extension WorkshopsMessages.UpdateWorkshopRequest: ValidatesOnly {}
