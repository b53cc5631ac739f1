import Archive
import Calendar
import ModuleKit
import SwiftProtobuf

/// One person's data as a zip archive that programs and people can read: JSON Lines, CSV, a calendar.
///
/// The same data give the same bytes but for the time of writing in the calendar.
struct PersonalArchive: Sendable {
    /// Collections in the order of the modules, each record as protobuf-JSON in one line.
    var records: [(collection: String, json: String)]
    var appointments: [CalendarEntry]

    /// - Throws: what cannot be packed or read back: a fault of the daemon.
    func zip(at now: Timestamp) throws -> [UInt8] {
        var lines = ""
        for record in records {
            lines += "{\"collection\":\"\(record.collection)\",\"record\":\(record.json)}\n"
        }
        var files: [(path: String, bytes: [UInt8])] = [
            ("README.txt", Array(readme.utf8)), ("data.jsonl", Array(lines.utf8)),
        ]
        for collection in collections {
            let rows = records.filter { $0.collection == collection }.map(\.json)
            files.append(("\(collection).csv", Array(try RecordTable(rows).csv.utf8)))
        }
        files.append(("calendar.ics", Array(ICalendar.text(appointments, at: now).utf8)))
        return try ZipWriter.pack(files)
    }

    private var collections: [String] {
        var seen: Set<String> = []
        return records.map(\.collection).filter { seen.insert($0).inserted }
    }

    private var readme: String {
        """
        Vos données dans Cordée
        data.jsonl : tous les enregistrements, un par ligne, en JSON (UTF-8).
        module.collection.csv : les mêmes, une feuille par collection. Une apostrophe précède les cellules qui \
        commencent par = + - @, pour qu'un tableur ne les exécute pas.
        calendar.ics : vos séances confirmées, pour votre calendrier.

        Your data in Cordée
        data.jsonl: all records, one a line, as JSON (UTF-8).
        module.collection.csv: the same, a sheet for each collection. An apostrophe stands before cells that begin \
        with = + - @, so that a spreadsheet does not run them.
        calendar.ics: your confirmed sessions, for your calendar.

        """
    }
}

/// Records of one collection as a table: a column for each field that any of them has.
struct RecordTable {
    private let rows: [[String: Google_Protobuf_Value]]

    /// - Parameter records: JSON objects.
    init(_ records: [String]) throws {
        rows = try records.map { try Google_Protobuf_Struct(jsonString: $0).fields }
    }

    /// CSV (RFC 4180) with a header line; what is not a plain value stands as JSON in its cell.
    var csv: String {
        get throws {
            let fields = Set(rows.flatMap(\.keys))
            let columns = (fields.contains("name") ? ["name"] : []) + fields.subtracting(["name"]).sorted()
            var text = Self.line(columns)
            for row in rows { text += Self.line(try columns.map { try Self.text(row[$0]) }) }
            return text
        }
    }

    private static func text(_ value: Google_Protobuf_Value?) throws -> String {
        switch value?.kind {
        case nil, .nullValue: ""
        case .stringValue(let text): text
        case .boolValue(let flag): flag ? "true" : "false"
        case .numberValue, .structValue, .listValue: try value?.jsonString() ?? ""
        }
    }

    private static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// What a spreadsheet would take for a formula is text: an apostrophe stands before it.
    private static func cell(_ text: String) -> String {
        let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]
        let safe = text.unicodeScalars.first.map(starts.contains) == true ? "'" + text : text
        let special: Set<Unicode.Scalar> = ["\"", ",", "\r", "\n"]
        guard safe.unicodeScalars.contains(where: special.contains) else { return safe }
        let doubled: [String] = safe.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }
        return "\"" + doubled.joined() + "\""
    }
}
