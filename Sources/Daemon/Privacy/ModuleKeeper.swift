import ModuleKit
import Store

/// What one module does for one person's data, with the module's name.
struct ModuleKeeper: Sendable {
    let module: String
    let data: any PersonalDataKeeper

    /// Nil for a module that holds nothing of people.
    init?(_ module: any DomainModule) {
        guard case .kept(let data) = module.personalData else { return nil }
        (self.module, self.data) = (module.name, data)
    }

    init(module: String, _ data: any PersonalDataKeeper) { (self.module, self.data) = (module, data) }

    /// All that the module holds of a person: "workshops.registrations" and a record of it in protobuf-JSON.
    func export(_ person: String, in db: some Queryable) throws -> [(collection: String, json: String)] {
        try data.export(person, in: db).map { record in
            ("\(module).\(record.collection)", try record.message.jsonString())
        }
    }
}
