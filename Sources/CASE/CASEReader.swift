import FoundationEssentials

/// Reads the JSON of a package: all of it is right, or all that is wrong is told.
public struct CASEReader: Sendable {
    private let limits: CASELimits

    public init(limits: CASELimits = CASELimits()) { self.limits = limits }

    /// - Throws: `CASERefusal` with each problem.
    public func read(_ bytes: [UInt8]) throws(CASERefusal) -> CASEPackage {
        guard bytes.count <= limits.bytesMax else { throw refusal(CASEProblem(.tooLarge, at: "")) }
        let file = try decode(bytes)
        guard (file.items ?? []).count <= limits.itemsMax else {
            throw refusal(CASEProblem(.tooManyItems, at: "CFItems"))
        }
        guard (file.associations ?? []).count <= limits.associationsMax else {
            throw refusal(CASEProblem(.tooManyAssociations, at: "CFAssociations"))
        }
        var fields = CASEFields(textBytesMax: limits.textBytesMax)
        let document = fields.document(file.document)
        let items = fields.items(file.items ?? [])
        let associations = fields.associations(file.associations ?? [])
        if items.isEmpty && fields.problems.isEmpty { fields.problems.append(CASEProblem(.noItem, at: "CFItems")) }
        // What lies where is only looked at once each thing is right by itself.
        guard fields.problems.isEmpty else { throw refusal(fields.problems) }
        var tree = CASETree(document: document, items: items, associations: associations, depthMax: limits.depthMax)
        tree.build()
        guard tree.problems.isEmpty else { throw refusal(tree.problems) }
        return tree.package
    }

    private func decode(_ bytes: [UInt8]) throws(CASERefusal) -> CASEFile {
        do {
            return try JSONDecoder().decode(CASEFile.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw refusal(CASEProblem(.badJSON, at: Self.path(of: error)))
        } catch {
            throw refusal(CASEProblem(.badJSON, at: ""))
        }
    }

    /// "CFItems[3].uri".
    private static func path(of error: DecodingError) -> String {
        let keys: [any CodingKey] =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        return keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private func refusal(_ problem: CASEProblem) -> CASERefusal { refusal([problem]) }

    private func refusal(_ problems: [CASEProblem]) -> CASERefusal {
        CASERefusal(
            problems: Array(problems.prefix(limits.problemsMax)), omitted: max(problems.count - limits.problemsMax, 0))
    }
}
