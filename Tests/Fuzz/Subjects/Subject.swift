/// One door through which foreign bytes come in, with what must hold of any bytes at all.
enum Subject: String, CaseIterable, Sendable {
    /// A connection's bytes, in any pieces: `FrameDecoder` and `ConnectionState`.
    case frames
    /// The data of a Request or a Response: `RequestParser`, `ResponseParser`, the status in it.
    case envelopes
    /// A call's message, protobuf or JSON, for each method of the daemon and its modules.
    case payloads
    /// An uploaded roster: a zip, or the files in it.
    case rosters
    /// Zone files, `TZ` rules, and the texts of dates and instants.
    case zones

    /// Runs the code under test over one input.
    ///
    /// - Throws: `Finding` where something that must hold does not. A trap or a sanitizer's report is one as well.
    func run(_ input: [UInt8]) throws {
        switch self {
        case .frames: try FrameSubject(input).run()
        case .envelopes: try EnvelopeSubject(input).run()
        case .payloads: try PayloadSubject(input).run()
        case .rosters: try RosterSubject(input).run()
        case .zones: try ZoneSubject(input).run()
        }
    }
}

/// What must hold of any input, and did not.
struct Finding: Error, CustomStringConvertible {
    let description: String

    /// Throws unless `holds`.
    static func unless(_ holds: @autoclosure () throws -> Bool, _ claim: @autoclosure () -> String) throws {
        guard try holds() else { throw Finding(description: claim()) }
    }
}
