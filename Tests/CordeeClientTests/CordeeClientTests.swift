import CordeeAPI
import CordeeClient
import RPC
import SwiftProtobuf
import TestKit
import Testing

/// As another program uses the library, against the daemon itself.
@Suite("The client library")
struct CordeeClientTests {
    private static func connect(
        to daemon: DaemonProcess, _ defaults: CallOptions = CallOptions(timeout: Patience.limit)
    ) async throws -> CordeeClient {
        var options = CordeeClient.Options()
        options.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(20))
        return try await CordeeClient.connect(
            to: .unix(path: daemon.socketPath), defaults: defaults, options: options)
    }

    /// The board's first person, with their token.
    private static func found(by client: CordeeClient) async throws -> CordeeSystem_BootstrapResponse {
        try await client.call(
            IdentityMethods.bootstrap,
            .with {
                $0.boards = ["b-csrb", "b-cscgp", "b-csbc"]
                $0.email = "cstamour@csrb.example"
            })
    }

    @Test("typed methods, raw calls, and a token among the defaults")
    func calls() async throws {
        let daemon = try await DaemonProcess.serving()
        var client = try await Self.connect(to: daemon)
        let info = try await client.call(SystemMethods.getInfo, .init())
        #expect(info.modules.map(\.name).contains("workshops"))
        let raw = try await client.call(service: "cordee.system.v1.System", method: "GetInfo", payload: [])
        #expect(try CordeeSystem_Info(serializedBytes: raw) == info)

        let founded = try await Self.found(by: client)
        client.defaults.token = founded.token
        client.defaults.token = try await client.call(IdentityMethods.createToken, .init()).token
        #expect(try await client.call(SystemMethods.whoAmI, .init()).person == founded.person)
        await client.close()
    }

    @Test("a copy has its own defaults over the same connection: language, JSON, deadline")
    func defaults() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await Self.connect(to: daemon)
        var english = client
        english.defaults.acceptLanguage = "en"
        english.defaults.isJSON = true
        func refusal(_ client: CordeeClient) async throws -> Status? {
            await #expect(throws: Status.self) { try await client.call(IdentityMethods.createToken, .init()) }
        }
        let (fr, en) = (try await refusal(client), try await refusal(english))
        #expect(fr?.code == .permissionDenied && fr?.text.fr.contains("Vos rôles") == true)
        #expect(en?.text.en == "Your roles do not allow this.")
        var late = client
        late.defaults.timeout = .zero
        let status = await #expect(throws: Status.self) { try await late.call(SystemMethods.getInfo, .init()) }
        #expect(status?.code == .deadlineExceeded)
        // What the call says goes before the defaults.
        _ = try await late.call(SystemMethods.getInfo, .init(), CallOptions(timeout: Patience.limit))
        await client.close()
    }

    @Test("reads survive a daemon that was killed and comes back; no call is lost or made twice")
    func restart() async throws {
        let daemon = try await DaemonProcess.serving()
        let client = try await Self.connect(to: daemon)
        let before = try await client.call(SystemMethods.getInfo, .init())
        try await daemon.kill()
        async let during = client.call(SystemMethods.getInfo, .init())
        let again = try await DaemonProcess.serving(in: daemon.folder)
        #expect(try await during.apiDigest == before.apiDigest)
        #expect(try await client.call(SystemMethods.getInfo, .init()).apiDigest == before.apiDigest)
        // A write goes over the new connection too.
        let founded = try await Self.found(by: client)
        #expect(!founded.token.isEmpty)
        await client.close()
        #expect(try await again.terminate() == 0)
    }

    @Test("a client may be there before its daemon")
    func early() async throws {
        let folder = try TemporaryFolder()
        let daemon = try DaemonProcess(in: folder)
        var options = CordeeClient.Options()
        options.backoff = Backoff(initial: .milliseconds(1), cap: .milliseconds(20))
        let client = try CordeeClient(
            to: .unix(path: daemon.socketPath), defaults: CallOptions(timeout: Patience.limit), options: options)
        #expect(try await client.call(SystemMethods.getInfo, .init()).modules.count == 2)
        await client.close()
    }

    @Test("to connect where nobody listens fails and names the place; a closed client says so")
    func failures() async throws {
        let folder = try TemporaryFolder()
        let nowhere = CordeeClient.Address.unix(path: folder.file("socket"))
        let error = await #expect(throws: ClientError.self) { try await CordeeClient.connect(to: nowhere) }
        #expect(error.map { "\($0)".contains(folder.path) } == true)

        let client = try CordeeClient(to: nowhere)
        let copy = client
        await client.close()
        await #expect(throws: ClientError.closed) { try await copy.call(SystemMethods.getInfo, .init()) }
        await client.close()
    }
}
