import CordeeAPI
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

    /// What an erasure does with each collection of which there is something.
    func plan(for person: String, in db: some Queryable) throws -> [CordeeSystem_ErasurePart] {
        let traces = Dictionary(data.traces.map { ($0.collection, $0.why) }) { first, _ in first }
        var parts: [CordeeSystem_ErasurePart] = []
        for record in try data.export(person, in: db) {
            let name = "\(module).\(record.collection)"
            if let index = parts.firstIndex(where: { $0.collection == name }) {
                parts[index].recordCount += 1
            } else {
                parts.append(
                    .with {
                        ($0.collection, $0.recordCount) = (name, 1)
                        $0.stays = traces[record.collection]?.texts ?? [:]
                    })
            }
        }
        return parts
    }

    /// All that the module holds of a person: "workshops.registrations" and a record of it in protobuf-JSON.
    func export(_ person: String, in db: some Queryable) throws -> [(collection: String, json: String)] {
        try data.export(person, in: db).map { record in
            ("\(module).\(record.collection)", try record.message.jsonString())
        }
    }
}
