/// Who sits and who waits, in memory: the rule of DOMAIN §2(f) by itself, without a database.
///
/// The tables hold the same in rows; both seat people by `Seats`. A newcomer joins at the tail and moves up at once if
/// a place is open to them: nobody waiting could have taken it, since places are filled whenever one comes free.
struct WaitingList<Person: Hashable> {
    enum Joining: Equatable { case confirmed, waitlisted(rank: Int), alreadyThere, full }

    struct Waiting: Equatable {
        var person: Person
        var isRemote: Bool
    }

    private(set) var seats: Seats
    private(set) var seated: [Waiting] = []
    private(set) var waiting: [Waiting] = []
    /// How many may wait.
    let waitingMax: Int

    init(seats: Seats, waitingMax: Int) {
        self.seats = seats
        self.waitingMax = waitingMax
    }

    mutating func join(_ person: Person, isRemote: Bool) -> Joining {
        guard !(seated + waiting).contains(where: { $0.person == person }) else { return .alreadyThere }
        if seats.areOpen(toRemote: isRemote) {
            seats.take(isRemote: isRemote)
            seated.append(Waiting(person: person, isRemote: isRemote))
            return .confirmed
        }
        guard waiting.count < waitingMax else { return .full }
        waiting.append(Waiting(person: person, isRemote: isRemote))
        return .waitlisted(rank: waiting.count)
    }

    /// False for somebody who neither sits nor waits.
    mutating func leave(_ person: Person) -> Bool {
        if let index = waiting.firstIndex(where: { $0.person == person }) {
            waiting.remove(at: index)
            return true
        }
        guard let index = seated.firstIndex(where: { $0.person == person }) else { return false }
        seats.giveBack(isRemote: seated.remove(at: index).isRemote)
        fill()
        return true
    }

    mutating func setCapacity(_ capacity: Int) {
        seats.capacity = capacity
        fill()
    }

    mutating func setReserve(_ reserve: Int) {
        seats.reserve = reserve
        fill()
    }

    private mutating func fill() {
        var queue = waiting
        seated += seats.fill(isRemote: \.isRemote) { remoteOnly in
            queue.firstIndex { $0.isRemote || !remoteOnly }.map { queue.remove(at: $0) }
        }
        waiting = queue
    }
}
