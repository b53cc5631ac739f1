public import SwiftProtobuf

/// What handlers are given beside the request; the room above the runtime says what that is.
public protocol HandlerContexts: SendableMetatype {
    /// For a method that only reads: it runs at once on the connection's loop.
    associatedtype Read
    /// For a method that writes: the handler is the body of one write.
    associatedtype Write
    /// For a method that waits for something before or beside its write, and for each that is a stream.
    associatedtype Wait
}

/// Makes methods of a server out of typed handlers: the life of a call around them (DESIGN §4).
public protocol HandlerBinder<Contexts> {
    associatedtype Contexts: HandlerContexts

    func read<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Read) throws -> Response
    ) -> ServerMethod

    func write<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Write) throws -> Response
    ) -> ServerMethod

    func wait<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Wait) async throws -> Response
    ) -> ServerMethod

    func serverStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ServerStreamHandler<Request, Response, Contexts>
    ) -> ServerMethod

    func clientStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ClientStreamHandler<Request, Response, Contexts>
    ) -> ServerMethod

    func bothStreams<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping BothStreamsHandler<Request, Response, Contexts>
    ) -> ServerMethod
}

/// Answers one request with any number of messages; when it returns, the stream ends.
public typealias ServerStreamHandler<
    Request: Message & Validated & Sendable, Response: Message & Sendable, C: HandlerContexts
> =
    @Sendable (Request, ResponseSender<Response>, C.Wait) async throws -> Void

/// Answers any number of messages with one.
public typealias ClientStreamHandler<
    Request: Message & Validated & Sendable, Response: Message & Sendable, C: HandlerContexts
> =
    @Sendable (RequestStream<Request>, C.Wait) async throws -> Response

/// Takes and sends any number of messages, in any order; when it returns, the stream ends.
public typealias BothStreamsHandler<
    Request: Message & Validated & Sendable, Response: Message & Sendable, C: HandlerContexts
> =
    @Sendable (RequestStream<Request>, ResponseSender<Response>, C.Wait) async throws -> Void

/// One method of a service with its handler, its types hidden; generated services list theirs.
public struct MethodBinding<Contexts: HandlerContexts>: Sendable {
    /// The full name of the service.
    public let service: String
    /// The method's name.
    public let name: String
    /// Puts the life of a call around the handler.
    public let bind: @Sendable (any HandlerBinder<Contexts>) -> ServerMethod

    public static func read<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Read) throws -> Response
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.read(method, handler) }
    }

    public static func write<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Write) throws -> Response
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.write(method, handler) }
    }

    public static func wait<Request, Response>(
        _ method: Method<Request, Response>,
        _ handler: @escaping @Sendable (Request, Contexts.Wait) async throws -> Response
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.wait(method, handler) }
    }

    public static func serverStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ServerStreamHandler<Request, Response, Contexts>
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.serverStream(method, handler) }
    }

    public static func clientStream<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping ClientStreamHandler<Request, Response, Contexts>
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.clientStream(method, handler) }
    }

    public static func bothStreams<Request, Response>(
        _ method: Method<Request, Response>, _ handler: @escaping BothStreamsHandler<Request, Response, Contexts>
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { $0.bothStreams(method, handler) }
    }

    /// The method that ends another call of its connection: the runtime itself handles it (`ServerMethod.cancel`).
    public static func cancel<Request, Response>(
        _ method: Method<Request, Response>, _ streamID: @escaping @Sendable (Request) -> UInt32
    ) -> MethodBinding {
        MethodBinding(service: method.service, name: method.name) { _ in .cancel(method, streamID) }
    }
}
