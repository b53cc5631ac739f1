import Calendar

extension Timestamp {
    /// The instant to the second, in UTC, as a part of a file's name: `20261124T203000Z`. A later one sorts behind.
    var fileStamp: String { Timestamp(seconds: seconds).description.filter { $0 != "-" && $0 != ":" } }
}
