/// Reads a file's bytes into rows, and tells what is wrong with their form: characters, quotes, header, field counts.
struct RosterFileReader {
    let name: String
    let columns: RosterColumns
    var csv = CSVLimits()
    var mode = RosterMode.bulk

    /// Nil when nothing can be made of the file: then why is in the problems.
    func read(_ bytes: [UInt8], _ problems: inout ProblemList) -> RosterFile? {
        guard let start = textStart(bytes, &problems) else { return nil }
        var reader = CSVReader(bytes, from: start, limits: csv)
        do throws(CSVError) {
            guard let header = try reader.next() else {
                problems.add(FileFact.emptyFile, file: name)
                return nil
            }
            guard let indices = indices(header, &problems) else { return nil }
            return rows(&reader, indices, width: header.fields.count, &problems)
        } catch {
            report(error, &problems)
            return nil
        }
    }

    /// Where the text begins, behind a byte order mark; nil when it is no text.
    func textStart(_ bytes: [UInt8], _ problems: inout ProblemList) -> Int? {
        var start = 0
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            problems.add(FileFact.byteOrderMark, file: name, line: 1)
            start = 3
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            // A line feed is never a part of another character, so the lines can be judged one by one.
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
            problems.add(FileFact.notUTF8, file: name, line: (line ?? 0) + 1)
            return nil
        }
        if let index = bytes.firstIndex(of: 0) {
            let line = bytes[..<index].count { $0 == 0x0A } + 1
            problems.add(FileFact.embeddedNUL, file: name, line: line)
            return nil
        }
        return start
    }

    func report(_ error: CSVError, _ problems: inout ProblemList) {
        switch error {
        case .badQuote(let line): problems.add(FileFact.badCSV, file: name, line: line)
        case .fieldTooLong(let line): problems.add(FileFact.fieldTooLong, file: name, line: line)
        case .tooManyFields(let line): problems.add(FileFact.tooManyFields, file: name, line: line)
        case .tooManyRows(let line): problems.add(FileFact.tooManyRows, file: name, line: line)
        }
    }

    /// Column name to index; nil when a column is missing or there twice.
    private func indices(_ header: CSVRow, _ problems: inout ProblemList) -> [String: Int]? {
        var indices: [String: Int] = [:]
        var isUsable = true
        for (index, column) in header.fields.enumerated() {
            if indices.updateValue(index, forKey: column) != nil {
                problems.add(FileFact.duplicateColumn(column), file: name, line: header.line, column: column)
                isUsable = false
            } else if !columns.isKnown(column) {
                problems.add(FileFact.ignoredColumn(column), file: name, line: header.line, column: column)
            }
        }
        for column in columns.required where indices[column] == nil {
            problems.add(FileFact.missingColumn(column), file: name, line: header.line, column: column)
            isUsable = false
        }
        return isUsable ? indices : nil
    }

    private func rows(
        _ reader: inout CSVReader, _ indices: [String: Int], width: Int, _ problems: inout ProblemList
    ) -> RosterFile {
        var rows: [RosterRow] = []
        var lines: [String: Int] = [:]
        var isComplete = true
        do throws(CSVError) {
            while let row = try reader.next() {
                guard row.fields.count == width else {
                    let fact = FileFact.fieldCount(found: row.fields.count, expected: width)
                    problems.add(fact, file: name, line: row.line)
                    isComplete = false
                    continue
                }
                let row = RosterRow(file: name, line: row.line, columns: indices, fields: row.fields)
                if accept(row, &lines, &problems) { rows.append(row) }
            }
        } catch {
            report(error, &problems)
            isComplete = false
        }
        return RosterFile(name: name, rows: rows, ids: Set(lines.keys), isComplete: isComplete)
    }

    /// Bulk rows have neither a status nor a date of change, rows of a delta both.
    private func checkStatus(_ row: RosterRow, _ problems: inout ProblemList) {
        switch mode {
        case .bulk:
            if let column = ["status", "dateLastModified"].first(where: { row[$0] != nil }) {
                problems.add(ValueFact.statusInBulk, file: name, line: row.line, column: column)
            }
        case .delta:
            if row["status"] == nil || row["dateLastModified"] == nil {
                let column = row["status"] == nil ? "status" : "dateLastModified"
                problems.add(ValueFact.statusMissingInDelta, file: name, line: row.line, column: column)
            } else {
                _ = row.choice("status", of: RosterRow.DeltaStatus.allCases, &problems)
            }
        }
    }

    /// The rules for the three columns that each file has. False for a second row of one id.
    private func accept(_ row: RosterRow, _ lines: inout [String: Int], _ problems: inout ProblemList) -> Bool {
        checkStatus(row, &problems)
        guard let id = row["sourcedId"] else {
            problems.add(ValueFact.requiredEmpty, file: name, line: row.line, column: "sourcedId")
            return true
        }
        guard let first = lines[id] else {
            lines[id] = row.line
            return true
        }
        problems.add(RelationFact.sameSourcedID(id, line: first), file: name, line: row.line, column: "sourcedId")
        return false
    }
}
