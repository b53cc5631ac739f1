/// Encoded messages of one stream that came and were not taken yet.
///
/// It takes one message more than its bounds say, so that a frame never has to be put back: whoever fills it stops
/// reading.
struct MessageQueue {
    /// What a stream may hold before its connection is not read any more.
    struct Bounds {
        var messagesMax: Int
        var bytesMax: Int
    }

    private var messages: [[UInt8]] = []
    /// Index of the oldest message; those before it are taken.
    private var head = 0
    private(set) var byteCount = 0
    /// What the messages take of memory: their bytes and, for each, about what an array costs.
    var heldByteCount: Int { byteCount + count * 64 }
    /// No message follows those that are held.
    var isEnded = false
    private let bounds: Bounds

    init(_ bounds: Bounds) { self.bounds = bounds }

    var count: Int { messages.count - head }

    /// Whether the sender must stop. One message alone never fills the queue, whatever its length.
    var isFull: Bool { count > 1 && (count > bounds.messagesMax || byteCount > bounds.bytesMax) }

    mutating func append(_ message: [UInt8]) {
        messages.append(message)
        byteCount += message.count
    }

    /// The oldest message, which stays; nil when there is none.
    var first: [UInt8]? { head < messages.count ? messages[head] : nil }

    /// The oldest message; nil when there is none.
    mutating func take() -> [UInt8]? {
        guard head < messages.count else { return nil }
        var message: [UInt8] = []
        swap(&message, &messages[head])
        head += 1
        byteCount -= message.count
        if head == messages.count {
            messages.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head > 64, head * 2 > messages.count {
            messages.removeFirst(head)
            head = 0
        }
        return message
    }

    /// Drops what is held.
    mutating func clear() { (messages, head, byteCount) = ([], 0, 0) }
}
