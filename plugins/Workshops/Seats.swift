/// The places of a workshop: how many there are, how many are kept, how many are taken.
struct Seats: Equatable, Sendable {
    /// Places in all.
    var capacity: Int
    /// Places that only staff of remote schools may take, until they are released.
    var reserve: Int
    /// Taken places: confirmed and offered ones.
    private(set) var taken: Int
    /// Those of them that staff of remote schools took.
    private(set) var takenByRemote: Int

    init(capacity: Int, reserve: Int, taken: Int = 0, takenByRemote: Int = 0) {
        self.capacity = capacity
        self.reserve = reserve
        self.taken = taken
        self.takenByRemote = takenByRemote
    }

    /// Whether one more may sit. Others than remote staff leave free what is still kept; after a lowered capacity
    /// nobody may until enough have left.
    func areOpen(toRemote isRemote: Bool) -> Bool {
        let free = capacity - taken
        return free > (isRemote ? 0 : max(0, reserve - takenByRemote))
    }

    mutating func take(isRemote: Bool) {
        taken += 1
        takenByRemote += isRemote ? 1 : 0
    }

    mutating func giveBack(isRemote: Bool) {
        taken -= 1
        takenByRemote -= isRemote ? 1 : 0
    }

    /// Seats waiting people, the first to have joined first, until nobody who waits may sit.
    ///
    /// - Parameters:
    ///   - next: takes whoever has waited longest out of the queue, among remote staff alone when only they may sit.
    ///   - isRemote: whether that person is remote staff.
    /// - Returns: who moved up, in order.
    mutating func fill<Waiting>(
        isRemote: (Waiting) -> Bool, from next: (_ remoteOnly: Bool) throws -> Waiting?
    ) rethrows -> [Waiting] {
        var promoted: [Waiting] = []
        while areOpen(toRemote: true), let first = try next(!areOpen(toRemote: false)) {
            take(isRemote: isRemote(first))
            promoted.append(first)
        }
        return promoted
    }
}
