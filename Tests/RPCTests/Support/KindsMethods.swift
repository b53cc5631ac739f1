import RPC
import SwiftProtobuf

typealias Kinds = Cordee_Test_V1_Kinds

/// Methods that turn a message of every kind of field into its binary form and back, so that what a codec has read or
/// is to write is seen from outside.
enum KindsMethods {
    static let service = "cordee.test.v1.Kinds"

    static let all: [ServerMethod] = [
        ServerMethod(service: service, name: "Encode") { call, payload in
            do {
                let kinds = try call.decode(Kinds.self, payload)
                call.respond(try Google_Protobuf_BytesValue(serializedBytes: wrapped(kinds)))
            } catch { call.fail(error) }
        },
        ServerMethod(service: service, name: "Decode") { call, payload in
            do {
                let binary: [UInt8] = try call.decode(Google_Protobuf_BytesValue.self, payload).serializedBytes()
                call.respond(try unwrapped(binary))
            } catch { call.fail(error) }
        },
    ]

    /// The bytes of a BytesValue that holds the message: its field 1 has the form of a message's.
    static func wrapped(_ kinds: Kinds) throws -> [UInt8] {
        try Cordee_Test_V1_Box.with { $0.kinds = kinds }.serializedBytes()
    }

    static func unwrapped(_ bytes: [UInt8]) throws -> Kinds {
        try Cordee_Test_V1_Box(serializedBytes: bytes).kinds
    }
}
