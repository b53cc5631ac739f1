import CordeeAPI
import SwiftProtobuf

/// What a command is given to work with.
struct CommandContext: Sendable {
    let console: Console
    let options: GlobalOptions
    let surroundings: Surroundings
    /// Makes a connection with another token than the one that the surroundings name.
    let connectAs: @Sendable (String?) async throws(Failure) -> any Connection
    /// Makes the connection; a command that needs none does not call it.
    let connect: @Sendable () async throws(Failure) -> any Connection

    var files: ArgumentFiles { ArgumentFiles() }

    /// Connects for as long as the body runs.
    func withDaemon<Result>(
        _ body: (any Connection) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let connection = try await connect()
        do throws(Failure) {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }
}

extension Connection {
    /// Asks the daemon for its descriptors.
    ///
    /// - Parameter symbol: a service, to get the file that declares it and what that imports; empty for all.
    func catalog(of symbol: String = "") async throws(Failure) -> Catalog {
        var request = CordeeSystem_GetDescriptorsRequest()
        request.symbol = symbol
        let (service, method) = ("cordee.system.v1.Reflection", "GetDescriptors")
        // Cannot fail: a message of plain proto3 fields with a valid string is always encodable.
        let payload: [UInt8] = (try? request.serializedBytes()) ?? []
        let answer = try await ask(service: service, method: method, protobuf: payload)
        let response = try? CordeeSystem_GetDescriptorsResponse(
            serializedBytes: answer, extensions: CordeeAPI_Annotations_Extensions)
        guard let response else { throw .here(.internalFault, Texts.oddAnswer("\(service)/\(method)")) }
        return Catalog(response.files)
    }
}
