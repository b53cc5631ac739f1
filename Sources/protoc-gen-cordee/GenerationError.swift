/// Why there is nothing to generate, as protoc prints it: the place in the proto file, then what is wrong with it.
struct GenerationError: Error, CustomStringConvertible {
    let description: String

    init(_ place: String, _ problem: String) { description = "\(place): \(problem)" }
}
