/// A request as the messages of a method that takes many: bytes that are too long for one go piece by piece.
///
/// The convention of proto/README.md: the first message says everything and has the first piece, each later one has the
/// next piece alone.
enum RequestPieces {
    /// 1 MiB, less one byte: a multiple of three, so that a piece of base64 is base64 of a piece.
    static let bytesMax = (1 << 20) / 3 * 3

    /// - Parameter fields: those of the request; the first bytes field that is too long is the one that is cut.
    static func messages(of request: JSON, fields: [Field]) -> [JSON] {
        let digitsMax = bytesMax / 3 * 4
        for field in fields where field.kind == .bytes && !field.isRepeated {
            guard let text = request[field.jsonName]?.text, text.utf8.count > digitsMax else { continue }
            var pieces: [JSON] = []
            var rest = text[...]
            while !rest.isEmpty {
                let end = rest.utf8.index(rest.startIndex, offsetBy: digitsMax, limitedBy: rest.endIndex)
                let piece = rest[..<(end ?? rest.endIndex)]
                var message = pieces.isEmpty ? request : JSON.object([])
                message.set([field.jsonName], to: .string(String(piece)))
                pieces.append(message)
                rest = rest[piece.endIndex...]
            }
            return pieces
        }
        return [request]
    }
}
