public import RPC

/// The version of a resource as clients see it (AIP-154): made from the number of its changes.
public struct Etag: Sendable, Hashable, CustomStringConvertible {
    public let revision: Int64

    public init(revision: Int64) { self.revision = revision }

    public var description: String { "\"\(String(revision, radix: 36))\"" }

    /// Refuses a change that was decided on another version.
    ///
    /// - Parameter given: what the request carries; empty asks for no check.
    /// - Throws: ABORTED, reason ETAG_MISMATCH, with the current etag in the metadata.
    public func check(_ given: String) throws(Status) {
        guard given.isEmpty || given == description else {
            throw Status(
                .aborted, "ETAG_MISMATCH",
                fr: "La ressource a changé depuis qu'elle a été lue.",
                en: "The resource has changed since it was read.",
                metadata: ["etag": description])
        }
    }
}
