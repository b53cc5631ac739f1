import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func withdraw(_ request: API.WithdrawRequest, _ call: WriteCall) throws -> API.WithdrawResponse {
        let participation = try call.find(Participation.self, request.name)
        var (registration, workshop) = (participation.registration, participation.workshop)
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
