import DirectoryAPI
import ModuleKit

extension GrowthHandlers {
    func recommendItems(_ request: API.RecommendItemsRequest, _ call: ReadCall) throws -> API.RecommendItemsResponse {
        let person = try call.ownPerson
        let needs = try needs(request.need, of: person, call)
        let reasons = try needs.compactMap { need in
            let level = try SelfLevel.find(person: person.person, competency: need.competency, in: call.db)?.level ?? 0
            return Recommendation.Reason(
                need: need.name.description, competency: need.competency, target: need.targetLevel, level: level)
        }
        guard !reasons.isEmpty else { return .init() }
        let window = try window(request, call)
        let offerings = try offerings.flatMap { provider in
            try provider.offerings(
                of: person.board, for: reasons.map(\.competency), beginningIn: window, to: call.caller, in: call.db)
        }
        let max = request.itemsMax == 0 ? 20 : Int(request.itemsMax)
        var names = CompetencyNames(of: person.board, in: call.db)
        return try .with {
            $0.items = try Recommendation.ranked(offerings, for: reasons).prefix(max).map { item in
                try API.Recommendation(item, &names)
            }
        }
    }

    private func needs(_ text: String, of person: PersonName, _ call: ReadCall) throws -> [Need] {
        guard text.isEmpty else {
            let need = try call.find(Need.self, text)
            return need.state == .open ? [need] : []
        }
        return try Need.list(
            of: person.person, showsClosed: false, after: .start, limit: needsMax, in: call.db)
    }

    private func window(_ request: API.RecommendItemsRequest, _ call: ReadCall) throws -> Interval {
        // What has begun helps nobody any more.
        let start = request.hasStartTime ? max(Timestamp(request.startTime), call.now) : call.now
        let end = request.hasEndTime ? Timestamp(request.endTime) : start + .seconds(183 * 86_400)
        guard let window = Interval(start: start, end: end), !window.isEmpty else { throw Status.emptyWindow }
        return window
    }
}

extension API.Recommendation {
    fileprivate init(_ item: Recommendation, _ names: inout CompetencyNames<some Queryable>) throws {
        self.init()
        self.item = item.offering.name
        title = item.offering.title.texts
        startTime = .init(item.offering.start)
        gap = Int32(item.gap)
        for reason in item.reasons {
            let competency = try names.name(of: reason.competency)
            reasons.append(
                .with { ($0.need, $0.competency, $0.gap) = (reason.need, competency, Int32(reason.gap)) })
        }
    }
}
