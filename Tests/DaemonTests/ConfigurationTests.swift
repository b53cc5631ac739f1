import Daemon
import ModuleKit
import TestKit
import Testing

@Suite("The configuration")
struct ConfigurationTests {
    private func loader(
        file: String? = nil, environment: [String: String] = [:], flags: [(key: String, value: String)] = []
    ) -> ConfigurationLoader {
        ConfigurationLoader(
            file: file, environment: environment, flags: flags,
            moduleSettings: ["workshops": [ModuleSetting("waiting_max", 100, "How many may wait.")]])
    }

    @Test("takes flags over the environment, the environment over the file, the file over what is built in")
    func precedence() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            Array("[rpc]\ncalls_max = 1\ncalls_per_connection_max = 2\nmessage_bytes_max = \"64KiB\"\n".utf8),
            to: "c.toml")
        let environment = ["CORDEE_RPC_CALLS_MAX": "10", "CORDEE_RPC_CALLS_PER_CONNECTION_MAX": "20"]
        let configuration = try loader(
            file: file, environment: environment, flags: [("rpc.calls_max", "100")]
        ).load()
        #expect(configuration.rpc.callsMax == 100)
        #expect(configuration.rpc.callsPerConnectionMax == 20)
        #expect(configuration.rpc.messageBytesMax == 64 << 10)
        #expect(configuration.rpc.connectionsMax == Configuration().rpc.connectionsMax)
    }

    @Test("reads lengths of time down to a millisecond, bytes, modes and lists")
    func forms() throws {
        let configuration = try loader(flags: [
            ("daemon.grace", "1ms"), ("rpc.unsent_timeout", "2m"), ("listen.socket_mode", "0o600"),
            ("daemon.operators", "0, 1000"), ("rpc.unsent_bytes_max", "2MiB"), ("workshops.waiting_max", "7"),
            ("modules.disabled", "workshops, portfolio"),
        ]).load()
        #expect(configuration.grace == .milliseconds(1))
        #expect(configuration.rpc.unsentTimeout == .seconds(120))
        #expect(configuration.socketMode.bits == 0o600)
        #expect(configuration.operatorUIDs == [0, 1000])
        #expect(configuration.rpc.unsentBytesMax == 2 << 20)
        #expect(configuration.disabledModules.names == ["workshops", "portfolio"])
        #expect(configuration.modules == ["workshops": ["waiting_max": 7]])
    }

    @Test(
        "refuses a value that is not of the form or out of range, naming source, key, value and form",
        arguments: [
            ("rpc.calls_max", "0"), ("rpc.calls_max", "-1"), ("rpc.calls_max", "1.5"), ("rpc.calls_max", ""),
            ("daemon.grace", "10"), ("daemon.grace", "-1s"), ("listen.tcp_clear_on_loopback", "yes"),
            ("daemon.operators", "root"), ("modules.disabled", "Workshops"), ("workshops.waiting_max", "-1"),
            ("rpc.message_bytes_max", "8MiB"),
            ("rpc.unsent_bytes_max", "99999999999999999999GiB"),
        ])
    func badValues(key: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) { try loader(flags: [(key, value)]).load() }
        guard case .badValue(key, value, _, "--set") = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "names the nearest key for one that it does not know, and none when nothing is near",
        arguments: [
            ("rpc.cals_max", "rpc.calls_max"), ("daemon.dta", "daemon.data"),
            ("workshops.waitng_max", "workshops.waiting_max"),
            ("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", nil),
        ])
    func unknownKeys(key: String, nearest: String?) {
        #expect(throws: ConfigurationError.unknownKey(key, nearest: nearest, origin: "--set")) {
            try loader(flags: [(key, "1")]).load()
        }
    }

    @Test("prints a sample that names each key once and is itself a configuration that changes nothing")
    func sample() throws {
        let sample = loader().sample
        let folder = try TemporaryFolder()
        let commented = try folder.write(Array(sample.utf8), to: "sample.toml")
        _ = try loader(file: commented).load()
        // Uncommented it says what is built in.
        let values = sample.split(separator: "\n").map {
            $0.hasPrefix("# ") && $0.contains(" = ") ? $0.dropFirst(2) : $0
        }
        let bare = try folder.write(Array(values.joined(separator: "\n").utf8), to: "bare.toml")
        let configuration = try loader(file: bare).load()
        #expect(configuration.rpc.callsMax == Configuration().rpc.callsMax)
        #expect(configuration.grace == Configuration().grace)
        #expect(configuration.modules["workshops"]?["waiting_max"] == 100)
        #expect(sample.contains("# waiting_max = 100"))
    }
}
