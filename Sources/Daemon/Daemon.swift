import EventLoop
import Glibc
public import Logging
import Metrics
public import ModuleKit
import RPC
import Store
import Threading

/// A daemon that serves: what `cordeed` runs, from an assembled configuration and a list of modules.
public final class Daemon: Sendable {
    private let configuration: Configuration
    private let logger: Logger
    private let loops: [EventLoop]
    private let workers: WorkerPool
    private let store: Store
    private let server: Server
    private let effects: RunningEffects
    private let certificate: ServedCertificate?
    private let anchors: AnchorLog
    private let generation: AccessGeneration
    private let sweeper: Sweeper
    /// What the line "ready" tells.
    private let overview: Logger.Metadata

    /// Starts: opens the store, brings the modules' tables up to date, and serves.
    ///
    /// - Parameters:
    ///   - now: the instant of now, in production the wall clock.
    /// - Throws: `StartError`, with nothing left running.
    public static func start(
        _ configuration: Configuration, modules: [any DomainModule], environment: [String: String], logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) async throws(StartError) -> Daemon {
        let assembly = try Assembly(configuration, modules: modules, logger: logger, now: now)
        do {
            return try await assembly.serve(environment: environment)
        } catch {
            assembly.tearDown()
            throw error
        }
    }

    init(
        _ configuration: Configuration, logger: Logger, loops: [EventLoop], workers: WorkerPool, store: Store,
        server: Server, effects: RunningEffects, certificate: ServedCertificate?, anchors: AnchorLog,
        sweeper: Sweeper, generation: AccessGeneration, overview: Logger.Metadata
    ) {
        self.configuration = configuration
        self.logger = logger
        self.loops = loops
        self.workers = workers
        self.store = store
        self.server = server
        self.effects = effects
        self.certificate = certificate
        self.anchors = anchors
        self.generation = generation
        self.sweeper = sweeper
        self.overview = overview
    }

    /// Writes the line "ready", then waits for SIGTERM or SIGINT. SIGHUP meanwhile calls `reload`, and has
    /// the certificate read anew.
    ///
    /// The line comes once signals are heeded, not before: whoever reads it and sends one at once sees a clean stop.
    public func stopRequested(reload: @escaping @Sendable () -> Void) async throws(StartError) {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        let source: SignalSource
        do {
            source = try SignalSource.start([SIGTERM, SIGINT, SIGHUP], on: loops[0]) { continuation.yield($0) }
        } catch {
            throw .loop(error)
        }
        ProgramText.giveBackPages()
        logger.notice("ready", metadata: overview)
        for await signal in signals {
            guard signal == SIGHUP else {
                logger.notice("stopping", metadata: ["signal": "\(signal)"])
                break
            }
            reload()
            certificate?.readAnew(logger)
        }
        // The source goes on until its loop stops: a second signal does not cut the shutdown short.
        withExtendedLifetime(source) {}
    }

    /// Has jobs, reactions and open streams look at the clock: to be called by who knows that it was moved.
    public func clockMoved() {
        effects.clockMoved()
        generation.tell()
    }

    /// Stops: no new connections, running calls finish within the grace, what was written is on disk.
    public func stop() async {
        await server.shutdown(grace: configuration.grace)
        anchors.stop()
        sweeper.stop()
        await effects.stop()
        for loop in loops { loop.stop() }
        workers.shutdown()
        store.close()
        logger.notice("stopped")
    }
}
