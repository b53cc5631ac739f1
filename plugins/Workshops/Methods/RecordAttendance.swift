import ModuleKit
import WorkshopsAPI

extension WorkshopsHandlers {
    func recordAttendance(
        _ request: API.RecordAttendanceRequest, _ call: WriteCall
    ) throws -> API.RecordAttendanceResponse {
        let workshop = try ledWorkshop(request.workshop, etag: "", call)
        let number = Int(request.session)
        guard workshop.sessions.indices.contains(number - 1) else { throw Status.unknownSession(request.session) }
        let session = workshop.sessions[number - 1]
        guard session.interval.end <= call.now else { throw Status.sessionNotEnded }

        var response = API.RecordAttendanceResponse()
        for entry in request.entries {
            do {
                var registration = try seatedRegistration(entry.registration, of: workshop, call)
                // Who came early or stayed on was there for the whole session, not for longer.
                let minutes = min(Int(entry.minutes), session.minutes)
                try registration.record(minutes: minutes, session: number, of: workshop, in: call.db)
                response.accepted.append(try message(registration, in: call.db))
            } catch let refusal as any StatusConvertible {
                response.rejected.append(API.RejectedAttendance(entry, refusal.status, call.language))
            }
        }
        try call.emit(.workshop("attendance_recorded", workshop))
        return response
    }

    private func seatedRegistration(
        _ text: String, of workshop: Workshop, _ call: WriteCall
    ) throws -> Registration {
        guard let name = RegistrationName(text), name.parent == workshop.name,
            let registration = try Registration.find(name, in: call.db)
        else { throw Status.notFound(text) }
        try registration.checkSeated()
        return registration
    }
}

extension API.RejectedAttendance {
    fileprivate init(_ entry: API.AttendanceEntry, _ status: Status, _ language: Language) {
        self = .with {
            $0.registration = entry.registration
            $0.reason = status.reason
            $0.message = status.text[language]
        }
    }
}
