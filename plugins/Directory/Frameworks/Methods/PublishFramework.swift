import DirectoryAPI
import ModuleKit

extension FrameworksHandlers {
    func publishFramework(_ request: API.PublishFrameworkRequest, _ call: WriteCall) throws -> API.Framework {
        var framework = try ledFramework(request.name, etag: request.etag, call)
        try framework.publish(at: call.now)
        if var before = try Framework.published(framework.identifier, board: framework.name.board, in: call.db) {
            try before.retire()
            try before.save(in: call.db)
            try call.emit(.framework("retired", before))
        }
        try framework.save(in: call.db)
        try call.emit(.framework("published", framework))
        return API.Framework(framework)
    }

    func retireFramework(_ request: API.RetireFrameworkRequest, _ call: WriteCall) throws -> API.Framework {
        var framework = try ledFramework(request.name, etag: request.etag, call)
        try framework.retire()
        try framework.save(in: call.db)
        try call.emit(.framework("retired", framework))
        return API.Framework(framework)
    }

    private func ledFramework(_ name: String, etag: String, _ call: WriteCall) throws -> Framework {
        let framework = try call.find(Framework.self, name)
        guard call.standing.covers(framework.belonging) else { throw Status.forbidden }
        try framework.etag.check(etag)
        return framework
    }
}
