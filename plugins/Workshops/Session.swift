import ModuleKit
import WorkshopsAPI

/// One meeting of a workshop (séance). Its plan is the local time and the zone; the instants are derived from them.
struct Session: Equatable, Sendable {
    var start: LocalDateTime
    var end: LocalDateTime
    var zone: String
    var interval: Interval
    var room: String
    var conferenceURI: String

    /// Seconds from beginning to end, a clock change in between counted as it passes.
    var seconds: Int { Int(interval.duration.components.seconds) }
    /// The same in minutes, a begun one counted.
    var minutes: Int { (seconds + 59) / 60 }
}

extension Session {
    /// Reads sessions as a request has them, the earliest first.
    ///
    /// - Throws: INVALID_ARGUMENT that names each session with an unknown zone or without a length.
    static func read(_ messages: [API.Session], zones: TimeZoneCatalog) throws -> [Session] {
        var violations = Violations()
        var sessions: [Session] = []
        for (index, message) in messages.enumerated() {
            violations.within("workshop.sessions[\(index)]") { violations in
                if let session = Session(message, zones: zones, &violations) { sessions.append(session) }
            }
        }
        try violations.throwIfAny()
        return sessions.sorted { $0.interval.start < $1.interval.start }
    }

    private init?(_ message: API.Session, zones: TimeZoneCatalog, _ violations: inout Violations) {
        guard let start = LocalDateTime(message.startLocal), let end = LocalDateTime(message.endLocal) else {
            return nil  // A broken form is told by the rules of the proto.
        }
        guard let rules = try? zones.rules(for: message.zone) else {
            violations.add("zone", "UNKNOWN_ZONE", fr: "Ce fuseau n'existe pas.", en: "There is no such time zone.")
            return nil
        }
        guard let interval = Interval(start: rules.instant(of: start), end: rules.instant(of: end)), !interval.isEmpty
        else {
            violations.add(
                "end_local", "NOT_AFTER_START", fr: "La fin doit suivre le début.", en: "The end must follow the start."
            )
            return nil
        }
        self.init(
            start: start, end: end, zone: message.zone, interval: interval, room: message.room,
            conferenceURI: message.conferenceUri)
    }
}

extension API.Session {
    init(_ session: Session) {
        self = .with {
            $0.startLocal = session.start.description
            $0.endLocal = session.end.description
            $0.zone = session.zone
            $0.room = session.room
            $0.conferenceUri = session.conferenceURI
            $0.startTime = .init(session.interval.start)
            $0.endTime = .init(session.interval.end)
        }
    }
}
