import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func withdraw(_ request: API.WithdrawRequest, _ call: WriteCall) throws -> API.WithdrawResponse {
        var (registration, workshop) = try findRegistration(request.name, call, in: call.db)
        try registration.etag.check(request.etag)
        let held = registration
        try registration.withdraw(from: workshop, byLeader: workshop.isLed(by: call.caller), at: call.now)
        workshop.release(held)
        try registration.save(in: call.db)
        try call.emit(.registration(registration))
        let promoted = try workshop.fillSeats(call)
        return try .with {
            $0.registration = try message(registration, in: call.db)
            $0.promotedCount = Int32(promoted)
        }
    }
}
