import EventLoop

/// Where a client's server is, and how it is spoken to.
struct ClientTarget: Sendable {
    let address: SocketAddress
    let loop: EventLoop
    let options: ClientOptions
    /// Put on each connection, as TLS is.
    let layer: TransportLayer
}

/// One attempt to connect, on the loop; the first of connection, timeout and cancellation ends it.
final class Dial {
    private let target: ClientTarget
    private var timer: Timer?
    private var done: ((Result<any Transport, ClientError>) -> Void)?

    /// Begins; `done` is called once, never inside this call, and not after `cancel`.
    init(_ target: ClientTarget, _ done: @escaping (Result<any Transport, ClientError>) -> Void) {
        (self.target, self.done) = (target, done)
        let address = target.address
        if let timeout = target.options.connectTimeout {
            timer = target.loop.schedule(after: timeout) { [weak self] in
                self?.finish(.failure(.connectTimeout(address)))
            }
        }
        Stream.connect(to: address, on: target.loop) { [self] result in connected(result) }
    }

    private func connected(_ result: Result<Stream, EventLoopError>) {
        switch result {
        case .failure(let error) where error.isStopped: finish(.failure(.closed))
        case .failure(let error): finish(.failure(.connectFailed(error)))
        case .success(let stream):
            guard done != nil else { return stream.close() }
            finish(.success(target.layer(stream)))
        }
    }

    private func finish(_ result: Result<any Transport, ClientError>) {
        timer.take()?.cancel()
        done.take()?(result)
    }

    func cancel() {
        timer.take()?.cancel()
        done = nil
    }
}

@available(*, unavailable) extension Dial: Sendable {}
