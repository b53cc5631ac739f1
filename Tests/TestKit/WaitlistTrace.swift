/// One of the recorded traces of `waitlist_traces.json`: what a waiting list must do, step by step.
public struct WaitlistTrace: Decodable, Sendable {
    public struct Settings: Decodable, Sendable {
        public var cap: Int
        public var reserved: Int?
        /// How many may wait.
        public var wl: Int?
    }

    public struct Step: Decodable, Sendable {
        public var op: String
        /// Whom the step is about; nil for a change of places.
        public var person: String?
        /// The number of a change of places.
        public var number: Int?
        /// "CONFIRMED", "WAITLISTED#2"; nil in traces that tell more than one thing at once.
        public var result: String?
        public var confirmed: [String]
        public var waiting: [String]

        private enum Key: CodingKey { case op, args, result, confirmed, waiting }

        public init(from decoder: any Swift.Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            op = try fields.decode(String.self, forKey: .op)
            person = (try? fields.decode([String].self, forKey: .args))?.first
            number = (try? fields.decode([Int].self, forKey: .args))?.first
            result = try? fields.decode(String.self, forKey: .result)
            confirmed = try fields.decode([String].self, forKey: .confirmed)
            waiting = try fields.decode([String].self, forKey: .waiting)
        }
    }

    public var id: String
    public var settings: Settings
    /// Who works at a remote school.
    public var remote: [String]
    public var steps: [Step]

    struct Unknown: Error { let id: String }

    public static func named(_ id: String) throws -> WaitlistTrace {
        struct File: Decodable { var traces: [WaitlistTrace] }
        let traces = try Fixture.json("waitlist_traces.json", as: File.self).traces
        guard let trace = traces.first(where: { $0.id == id }) else { throw Unknown(id: id) }
        return trace
    }
}
