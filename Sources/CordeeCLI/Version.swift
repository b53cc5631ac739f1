/// The version of the client; the daemon tells its own (`cordee info`).
enum CordeeVersion {
    static let text = "0.1.0"
}
