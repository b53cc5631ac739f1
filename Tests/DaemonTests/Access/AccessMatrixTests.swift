import CordeeAPI
import RPC
import SwiftProtobuf
import TestKit
import Testing
import WorkshopsAPI

@Suite("Who may call what")
struct AccessMatrixTests {
    @Test("each method answers each role as the matrix says, in the own board and in another")
    func matrix() async throws {
        let matrix = try AccessMatrix()
        let scene = try await AccessScene()
        let served = try await Self.served(by: scene.scenario.operator)
        #expect(matrix.columns.count == scene.callers.count)
        for row in matrix.rows {
            let request = scene.fill(row)
            for (column, expected) in zip(matrix.columns, row.codes) {
                let caller = try #require(scene.callers[column])
                let code = try await caller.code(of: row.path, request, served[row.path] ?? .unary)
                #expect(code == expected, "access-matrix.txt:\(row.line) \(row.path) \(row.request) by \(column)")
            }
        }
    }

    @Test("each method that is served has a row in the matrix, and one that names things has one for each scope")
    func whole() async throws {
        let matrix = try AccessMatrix()
        let daemon = try await DaemonProcess.serving()
        let served = try await Self.served(by: daemon.client())
        #expect(Set(served.keys) == Set(matrix.rows.map(\.path)))
        for row in matrix.rows where row.scope == .here && row.request.contains(#""{"#) {
            let isForeignToo = matrix.rows.contains {
                $0.path == row.path && $0.request == row.request && $0.scope == .there
            }
            #expect(isForeignToo, "access-matrix.txt:\(row.line) has no row for another board")
        }
    }

    private static func served(by client: TestClient) async throws -> [String: StreamingKind] {
        var served: [String: StreamingKind] = [:]
        for service in try await client.call(ReflectionMethods.listServices, .init()).services {
            for method in service.methods {
                served["\(service.name)/\(method.name)"] = StreamingKind(
                    clientStreams: method.clientStreaming, serverStreams: method.serverStreaming)
            }
        }
        return served
    }

    @Test("a participant sees their own registration in the list and no other name")
    func ownRegistrationsOnly() async throws {
        let scene = try await AccessScene()
        let seen = try await scene.participant.client.call(
            WorkshopsMethods.listRegistrations, .with { $0.parent = scene.workshop })
        #expect(seen.registrations.map(\.person) == [scene.participant.name])
        let led = try await scene.scenario.registrations(of: scene.workshop)
        #expect(Set(led.map(\.person)) == [scene.participant.name, scene.other.name])
    }
}
