import Testing

@testable import EventLoop

@Suite struct SocketAddressTests {
    @Test(
        "an address reads as one writes it",
        arguments: [
            (SocketAddress.unix(path: "/run/a"), "unix:/run/a"),
            (.tcp(host: "127.0.0.1", port: 80), "tcp:127.0.0.1:80"),
            (.tcp(host: "::1", port: 65_535), "tcp:[::1]:65535"),
        ])
    func description(_ address: SocketAddress, _ text: String) throws {
        #expect(address.description == text)
        #expect(try SocketName(address, for: "test").address == address)
    }

    @Test("an error tells what was tried on what, and why")
    func errorText() {
        let error = EventLoopError(operation: "connect to", code: -111, detail: "unix:/run/a")
        #expect(error.description == "connect to unix:/run/a: connection refused")
        #expect(error.code == 111)
    }
}
