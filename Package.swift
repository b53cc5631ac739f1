// swift-tools-version: 6.2
import PackageDescription

/// What all hand-written code is built with: what the compiler can prove it proves, and a warning is an error.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
/// The rooms that touch raw memory say so at each place.
let lowest: [SwiftSetting] = house + [.strictMemorySafety()]

let swiftProtobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let pluginLibrary: Target.Dependency = .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func system(_ name: String, _ pkgConfig: String, _ apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A room of ours: a folder under `Sources`.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = house) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: house)
}

/// A domain module: its messages (`WorkshopsAPI`, for clients and other modules too) and its code.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> [Target] {
    [
        .target(
            name: "\(name)API", dependencies: ["RPC", "CordeeAPI", swiftProtobuf], path: "plugins/\(name)/API",
            swiftSettings: house),
        .target(
            name: "\(name)Module", dependencies: ["ModuleKit", .target(name: "\(name)API")] + dependencies,
            path: "plugins/\(name)", exclude: ["API"], swiftSettings: house),
    ]
}

/// The fuzzer's subjects: with its driver for `Tests/Fuzz/run`, which sets CORDEE_FUZZ and builds with -enable-testing,
/// else with the tests that replay what it found. They see internal symbols, so a plain release build has neither.
let subjects: [Target.Dependency] = [
    "Wire", "RPC", "CordeeAPI", "DirectoryAPI", "WorkshopsAPI", "Archive", "OneRoster", "Calendar", swiftProtobuf,
]
let fuzzing: Target =
    Context.environment["CORDEE_FUZZ"] != nil
    ? .executableTarget(
        name: "Fuzz", dependencies: subjects, path: "Tests/Fuzz", exclude: ["Replay", "run", "make-seeds"],
        sources: ["Subjects", "Driver"], swiftSettings: house)
    : .testTarget(
        name: "FuzzReplayTests", dependencies: subjects + ["TestSupport"], path: "Tests/Fuzz",
        exclude: ["Driver", "run", "make-seeds"], sources: ["Subjects", "Replay"], swiftSettings: house)

let package = Package(
    name: "cordee",
    products: [
        .executable(name: "cordeed", targets: ["cordeed"]),
        .executable(name: "cordee", targets: ["cordee"]),
        // With RPC, whose types its calls take and give.
        .library(name: "CordeeClient", targets: ["CordeeClient", "RPC"]),
        .library(name: "DirectoryAPI", targets: ["DirectoryAPI"]),
        .library(name: "WorkshopsAPI", targets: ["WorkshopsAPI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
    ],
    targets: [
        // System libraries
        system("CUV", "libuv", "libuv1-dev"),
        system("CSQLite", "sqlite3", "libsqlite3-dev"),
        system("CProtobufC", "libprotobuf-c", "libprotobuf-c-dev"),
        system("CArchive", "libarchive", "libarchive-dev"),
        system("CICUI18N", "icu-i18n", "libicu-dev"),
        system("CCrypto", "libcrypto", "libssl-dev"),
        system("COpenSSL", "openssl", "libssl-dev"),

        // From the ground up
        room("Threading", settings: lowest),
        room("Metrics", ["Threading"]),
        .target(name: "CWire", dependencies: ["CProtobufC"], publicHeadersPath: "."),
        .target(name: "CICU", dependencies: ["CICUI18N"]),
        room("Wire", ["CWire", "CProtobufC"], settings: lowest + [.enableExperimentalFeature("Lifetimes")]),
        room("EventLoop", ["CUV", "Threading"], settings: lowest),
        room("TLS", ["COpenSSL", "EventLoop", "Threading", "Metrics"], settings: lowest),
        room("Calendar", ["Threading"]),
        room("OneRoster", ["Calendar"]),
        room("CASE"),
        room("Archive", ["CArchive"], settings: lowest),
        room("Store", ["CSQLite", "CICU", "Threading", "Metrics"], settings: lowest),
        room("GoogleRPC", [swiftProtobuf]),
        room("RPC", ["Wire", "EventLoop", "Threading", "Metrics", "GoogleRPC", swiftProtobuf]),
        room("CordeeAPI", ["RPC", "Calendar", swiftProtobuf]),
        room("ModuleKit", ["RPC", "Store", "CordeeAPI", "Calendar", "Metrics", "Threading", "CCrypto", swiftProtobuf]),
        room(
            "Daemon",
            [
                "ModuleKit", "RPC", "Store", "EventLoop", "CordeeAPI", "Calendar", "Metrics", "Threading", "TLS",
                "Archive", "CCrypto", swiftProtobuf, logging, .product(name: "TOMLKit", package: "TOMLKit"),
            ]),
    ]
        // Domain modules: one line each
        + module("Directory", ["OneRoster", "CASE", "Archive"])
        + module("Workshops", ["DirectoryAPI"])
        + [
            // Programs
            room("CordeeClient", ["RPC", "EventLoop"]),
            room(
                "CordeeCLI",
                ["CordeeClient", "RPC", "EventLoop", "TLS", "Archive", "CordeeAPI", "Calendar", swiftProtobuf]),
            .executableTarget(name: "cordee", dependencies: ["CordeeCLI"], swiftSettings: house),
            .executableTarget(
                name: "cordeed",
                dependencies: [
                    "Daemon", "ModuleKit", "DirectoryModule", "WorkshopsModule", "Threading", logging, argumentParser,
                ],
                swiftSettings: house),
            .executableTarget(
                name: "protoc-gen-cordee",
                dependencies: [swiftProtobuf, pluginLibrary],
                swiftSettings: house),

            // Tests, a target for each room
            .target(
                name: "TestSupport", dependencies: ["COpenSSL"], path: "Tests/TestSupport", swiftSettings: house),
            tests("Wire", ["Wire", "CProtobufC"]),
            tests("EventLoop", ["EventLoop", "Threading", "TestSupport"]),
            tests("TLS", ["TLS", "COpenSSL", "EventLoop", "Threading", "Metrics", "TestSupport"]),
            tests("Calendar", ["Calendar", "TestSupport"]),
            tests("OneRoster", ["OneRoster", "Calendar", "TestSupport"]),
            tests("CASE", ["CASE", "TestSupport"]),
            tests("Archive", ["Archive", "TestSupport"]),
            tests("Store", ["Store", "Threading", "Metrics", "TestSupport", "CopyCrash", "FaultVFS"]),
            // Killed by the Store's tests at each step of a backup or a restore.
            .executableTarget(
                name: "CopyCrash", dependencies: ["Store", "Metrics"], path: "Tests/CopyCrash", swiftSettings: house),
            // A disk under SQLite that loses power and fails.
            .target(name: "FaultVFS", dependencies: ["CSQLite"], path: "Tests/FaultVFS"),
            tests(
                "RPC",
                ["RPC", "EventLoop", "Wire", "Metrics", "Threading", "GoogleRPC", "TestSupport", swiftProtobuf]),
            tests(
                "Directory",
                [
                    "DirectoryModule", "DirectoryAPI", "ModuleKit", "OneRoster", "Archive", "Store", "Metrics",
                    "Calendar", "CordeeAPI", "RPC", "TestSupport", swiftProtobuf,
                ]),
            // `cordee` is run by them, from beside the test runner.
            tests(
                "CLI",
                [
                    "CordeeCLI", "cordee", "RPC", "EventLoop", "TLS", "Metrics", "CordeeAPI", "Calendar",
                    "Threading", "TestSupport", "TestKit",
                    swiftProtobuf,
                ]),
            tests(
                "CordeeClient",
                [
                    "CordeeClient", "cordeed", "CordeeAPI", "RPC", "EventLoop", "Metrics", "TestKit", swiftProtobuf,
                ]),
            // The protocol's bytes, with witnesses in Python.
            .testTarget(
                name: "WireTableTests",
                dependencies: [
                    "RPC", "EventLoop", "Metrics", "Threading", "GoogleRPC", "TestKit", swiftProtobuf,
                ],
                exclude: ["python"], swiftSettings: house),
            .target(
                name: "TestKit",
                dependencies: [
                    "RPC", "EventLoop", "Threading", "Wire", "GoogleRPC", "Calendar", "TestSupport", swiftProtobuf,
                ],
                path: "Tests/TestKit", swiftSettings: house),
            tests(
                "ModuleKit",
                [
                    "ModuleKit", "CordeeAPI", "WorkshopsAPI", "DirectoryAPI", "RPC", "Store", "Calendar", "TestKit",
                    swiftProtobuf,
                ]),
            tests(
                "Workshops",
                ["WorkshopsModule", "WorkshopsAPI", "ModuleKit", "RPC", "Store", "Metrics", "Calendar", "TestKit"]),
            tests(
                "Daemon",
                [
                    "cordeed", "cordee", "Daemon", "ModuleKit", "DirectoryAPI", "WorkshopsAPI", "CordeeAPI", "Archive",
                    "RPC",
                    "Store", "EventLoop", "TLS", "Threading", "Wire", "Calendar", "Metrics", "TestKit", swiftProtobuf,
                    logging,
                ]),
            .testTarget(
                name: "ConformanceTests",
                dependencies: ["CordeeClient", "RPC", "cordeed", "TestKit", "Archive", swiftProtobuf], exclude: ["go"],
                swiftSettings: house),
            tests(
                "CordeeAPI", ["CordeeAPI", "DirectoryAPI", "WorkshopsAPI", "RPC", "TestSupport", swiftProtobuf]),
            tests("Generator", ["protoc-gen-cordee", "CordeeAPI", "RPC", swiftProtobuf, pluginLibrary]),
            .executableTarget(
                name: "SeededRace", dependencies: ["Threading"], path: "Tests/Sanitizers/SeededRace",
                swiftSettings: house),
            fuzzing,

            // A daemon whose one module is the tests', to be killed by them.
            .target(
                name: "TrialAPI", dependencies: ["RPC", "CordeeAPI", swiftProtobuf], path: "Tests/TrialDaemon/TrialAPI",
                swiftSettings: house),
            .executableTarget(
                name: "trialdaemon",
                dependencies: ["TrialAPI", "Daemon", "ModuleKit", "Threading", logging, argumentParser, swiftProtobuf],
                path: "Tests/TrialDaemon", exclude: ["TrialAPI", "Proto", "generate"], swiftSettings: house),
            tests(
                "Effects",
                [
                    "trialdaemon", "TrialAPI", "cordeed", "Daemon", "ModuleKit", "CordeeAPI", "RPC", "Store",
                    "Calendar",
                    "EventLoop", "Metrics", "TestKit", swiftProtobuf, logging,
                ]),

            // Benchmarks: `make bench`
            .target(
                name: "EchoAPI", dependencies: ["RPC", "CordeeAPI", swiftProtobuf], path: "Tests/Benchmarks/EchoAPI",
                swiftSettings: house),
            .target(name: "CBare", dependencies: ["CSQLite"], path: "Tests/Benchmarks/Bare"),
            .target(name: "CLoad", path: "Tests/Benchmarks/Load"),
            .target(name: "CCounting", path: "Tests/Benchmarks/Counting"),
            .executableTarget(
                name: "EchoReference", dependencies: ["CUV", "CProtobufC", "CWire"], path: "Tests/Benchmarks/Reference",
                exclude: ["note.proto"]),
            .executableTarget(
                name: "Benchmarks",
                dependencies: [
                    "EchoAPI", "CBare", "CLoad", "CCounting", "TestKit", "Daemon", "ModuleKit", "DirectoryModule",
                    "WorkshopsModule", "DirectoryAPI", "WorkshopsAPI", "CordeeAPI", "RPC", "Wire", "EventLoop",
                    "TLS", "Archive", "Calendar", "Threading", swiftProtobuf, logging, argumentParser,
                ],
                path: "Tests/Benchmarks",
                exclude: [
                    "README.md", "EchoAPI", "Bare", "Load", "Counting", "Reference", "Thresholds", "Proto", "generate",
                ],
                swiftSettings: house),
        ]
)

// For `Tests/Sanitizers/run low`: the rooms under the protocol with their tests, which build in a minute.
if Context.environment["CORDEE_LOW_ROOMS"] != nil {
    let low = [
        "CUV", "CProtobufC", "CWire", "Threading", "Metrics", "Wire", "EventLoop", "GoogleRPC", "RPC", "COpenSSL",
        "TLS", "TestSupport", "WireTests", "EventLoopTests", "TLSTests", "RPCTests", "SeededRace",
    ]
    package.products = []
    package.targets.removeAll { !low.contains($0.name) }
}
