import CordeeAPI
import ModuleKit
import SwiftProtobuf

/// All that is served, as its protos say it: files with their comments, methods with their access rules.
struct APICatalog: Sendable {
    struct Method: Sendable {
        var service: String
        var name: String
        var isReadOnly: Bool
        var clientStreaming: Bool
        var serverStreaming: Bool
        var access: CordeeAPI_Access
        var personal: CordeeAPI_Personal
        var hasSecretAnswer: Bool
        var path: String { "\(service)/\(name)" }
    }

    /// Each file after the files that it imports.
    let files: [Google_Protobuf_FileDescriptorProto]
    /// In the order of the files.
    let methods: [Method]
    /// SHA-256 of the files without their comments, in hexadecimal: it changes when the API does.
    let digest: String

    /// - Throws: `.badDescriptors` naming the source, `.withoutAccess` naming the method.
    init(_ sources: [any DescriptorSource.Type]) throws(RegistryError) {
        var files: [Google_Protobuf_FileDescriptorProto] = []
        for source in sources {
            do { files += try source.files() } catch { throw .badDescriptors("\(source)") }
        }
        self.files = Self.inOrder(files)
        var methods: [Method] = []
        for file in self.files {
            for service in file.service {
                for method in service.method {
                    let path = "\(file.package).\(service.name)/\(method.name)"
                    guard !method.options.CordeeAPI_access.allow.isEmpty else { throw .withoutAccess(method: path) }
                    methods.append(
                        Method(
                            service: "\(file.package).\(service.name)", name: method.name,
                            isReadOnly: method.options.idempotencyLevel == .noSideEffects,
                            clientStreaming: method.clientStreaming, serverStreaming: method.serverStreaming,
                            access: method.options.CordeeAPI_access, personal: method.options.CordeeAPI_personal,
                            hasSecretAnswer: method.options.CordeeAPI_secretAnswer))
                }
            }
        }
        self.methods = methods
        digest = Self.digest(of: self.files)
    }

    /// The access rule of each method by its path.
    var accessRules: [String: AccessRule] {
        Dictionary(methods.map { ($0.path, AccessRule($0.access)) }) { first, _ in first }
    }

    /// The kinds of things that have names.
    var namedResources: [CordeeAPI_Resource] {
        files.flatMap(\.messageType).map(\.options.CordeeAPI_resource).filter { !$0.pattern.isEmpty }
    }

    /// The methods that a program may be let in to, by path.
    var serviceMethods: Set<String> {
        Set(methods.filter { $0.access.allow.contains { $0.role == .service } }.map(\.path))
    }

    /// The methods whose answers are shown once and not kept, by path.
    var secretMethods: Set<String> { Set(methods.filter(\.hasSecretAnswer).map(\.path)) }

    /// The file that declares a symbol and, before it, all that it imports; nil if nothing declares it.
    func files(declaring symbol: String) -> [Google_Protobuf_FileDescriptorProto]? {
        guard let file = files.first(where: { Self.declares($0, symbol) }) else { return nil }
        var wanted: Set<String> = [file.name]
        for candidate in files.reversed() where wanted.contains(candidate.name) {
            wanted.formUnion(candidate.dependency)
        }
        return files.filter { wanted.contains($0.name) }
    }

    private static func declares(_ file: Google_Protobuf_FileDescriptorProto, _ symbol: String) -> Bool {
        func inMessage(_ message: Google_Protobuf_DescriptorProto, _ prefix: String) -> Bool {
            let name = "\(prefix).\(message.name)"
            return name == symbol || message.enumType.contains { "\(name).\($0.name)" == symbol }
                || message.nestedType.contains { inMessage($0, name) }
        }
        return file.messageType.contains { inMessage($0, file.package) }
            || file.enumType.contains { "\(file.package).\($0.name)" == symbol }
            || file.service.contains { service in
                let name = "\(file.package).\(service.name)"
                return name == symbol
                    || service.method.contains { "\(name).\($0.name)" == symbol || "\(name)/\($0.name)" == symbol }
            }
    }

    /// Each file once, after the files that it imports.
    private static func inOrder(
        _ files: [Google_Protobuf_FileDescriptorProto]
    ) -> [Google_Protobuf_FileDescriptorProto] {
        let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        var done: Set<String> = []
        var ordered: [Google_Protobuf_FileDescriptorProto] = []
        func visit(_ file: Google_Protobuf_FileDescriptorProto) {
            guard done.insert(file.name).inserted else { return }
            for name in file.dependency { if let imported = byName[name] { visit(imported) } }
            ordered.append(file)
        }
        for file in files { visit(file) }
        return ordered
    }

    private static func digest(of files: [Google_Protobuf_FileDescriptorProto]) -> String {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        let bytes = files.flatMap { file -> [UInt8] in
            var bare = file
            bare.clearSourceCodeInfo()
            // Proof that nothing is hidden: a descriptor that was decoded encodes again; no field of it can be missing.
            return (try? bare.serializedBytes(options: options)) ?? []
        }
        return Hexadecimal.encode(sha256(bytes))
    }
}
