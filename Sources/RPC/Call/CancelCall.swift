import SwiftProtobuf

/// `cordee.system.v1.Connection/Cancel`, the one method that the protocol's own frames lack: it ends another call of the
/// same connection (proto/README.md, "Cancel").
enum CancelCall {
    static let service = "cordee.system.v1.Connection"
    static let method = "Cancel"

    /// The request's only field has the number and type of the well-known wrapper's.
    static func payload(streamID: UInt32) -> [UInt8] {
        // Cannot fail: the message has no required field and no Any.
        (try? Google_Protobuf_UInt32Value(streamID).serializedBytes()) ?? []
    }
}

extension ServerMethod {
    /// The method that ends another call of its connection. It is under no limit: who is over one must be able to go back.
    ///
    /// - Parameter streamID: which call the request names.
    public static func cancel<Request, Response>(
        _ method: Method<Request, Response>, _ streamID: @escaping @Sendable (Request) -> UInt32
    ) -> ServerMethod {
        ServerMethod(service: method.service, name: method.name, isUnderLimits: false) { call, payload in
            do {
                let request = try call.decode(Request.self, payload)
                call.connection.cancel(streamID: streamID(request))
                call.respond(Response())
            } catch {
                call.fail(error)
            }
        }
    }
}
