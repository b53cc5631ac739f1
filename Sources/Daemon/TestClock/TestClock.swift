#if DEBUG
    public import EventLoop
    public import ModuleKit
    import Threading

    /// A wall clock that stands still until a test moves it, through a Unix socket: in debug builds only. A release build
    /// does not hold this code (DESIGN §3), which `Tests/ReleaseBinary/check` looks after.
    ///
    /// A line asks and a line answers, in microseconds since 1970 UTC: `now`, `set 1795530600000000`, `advance -1000`.
    /// The answer is the instant, once the clock shows it to everybody; `?` for anything else.
    public final class TestClock: Sendable {
        /// What a binary that has a test clock contains, and another does not.
        public static let mark = "cordee-test-clock"

        private let instant: Lock<Timestamp>
        private let moved: Lock<[@Sendable () -> Void]>
        private let loop: EventLoop
        private let listener: Lock<Listener?>

        /// Opens the socket at `path`; a file that is there is replaced.
        ///
        /// - Parameter start: where the clock stands at first.
        public static func start(at path: String, from start: Timestamp) throws(EventLoopError) -> TestClock {
            try Listener.removeStaleSocket(path: path)
            let socket = try Listener.bind(.unix(path: path), ListenOptions(unixMode: 0o600))
            let clock = TestClock(start, try EventLoop.start(EventLoop.Options(name: mark)))
            let listener = Listener(socket, on: clock.loop) { [weak clock] connection in clock?.serve(connection) }
            clock.listener.withLock { $0 = listener }
            return clock
        }

        private init(_ start: Timestamp, _ loop: EventLoop) {
            (instant, moved, listener) = (Lock(start), Lock([]), Lock(nil))
            self.loop = loop
        }

        public var now: Timestamp { instant.withLock { $0 } }

        /// Has `act` called each time that the clock was moved.
        public func onMove(_ act: @escaping @Sendable () -> Void) { moved.withLock { $0.append(act) } }

        private func serve(_ connection: consuming AcceptedSocket) {
            guard let stream = try? Stream.adopt(connection, on: loop) else { return }
            var rest: [UInt8] = []
            stream.onRead = { [weak self, weak stream] bytes in
                rest += bytes.withUnsafeBytes { Array($0) }
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    let answer = self?.answer(String(decoding: rest[..<end], as: UTF8.self)) ?? "?"
                    rest.removeSubrange(...end)
                    stream?.write(Array("\(answer)\n".utf8).span.bytes)
                }
            }
            stream.onEnd = { [weak stream] _ in stream?.close() }
            stream.startReading()
        }

        private func answer(_ line: String) -> String {
            let words = line.split(separator: " ")
            switch (words.first, words.count == 2 ? Int64(words[1]) : nil) {
            case ("now", nil): break
            case ("set", let value?): move { _ in Timestamp(microseconds: value) }
            case ("advance", let value?): move { $0 + .microseconds(value) }
            default: return "?"
            }
            return "\(now.microseconds)"
        }

        private func move(_ change: (Timestamp) -> Timestamp) {
            instant.withLock { $0 = change($0) }
            for act in moved.withLock({ $0 }) { act() }
        }
    }
#endif
