/// A client that is told what to do, line by line, and reports what becomes of its calls
/// (Tests/Fixtures/wire/README.md, "The client under test"): ours, or a process.
final class ClientUnderTest {
    private let control: RawSocket
    /// Reports of calls that nobody has asked about yet.
    private var reports: [String] = []

    init(_ control: RawSocket) { self.control = control }

    func tell(_ command: String) throws { try control.write(Array("\(command)\n".utf8)) }

    /// The next thing that becomes of a call.
    func outcome(of call: String) throws -> String {
        while true {
            if let index = reports.firstIndex(where: { $0.split(separator: " ").dropFirst().first == call[...] }) {
                return reports.remove(at: index)
            }
            guard let line = try control.line() else { throw RawSocket.Failure.ended }
            reports.append(line)
        }
    }
}
