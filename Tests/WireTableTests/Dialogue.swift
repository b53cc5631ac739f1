/// Calls of all kinds between a client and a server that do not come from the same hand; what is told, and what becomes
/// of it.
enum Dialogue {
    /// Lines as a client under test is told them; a line that begins with `=` is what it must report.
    private static let kinds = [
        "call a Echo : 0a026869", "= message a : 0a026869",
        "call b Echo json : 0a04c3a9c3a8", "= message b : 0a04c3a9c3a8",
        "call c Count : 0803", "= message c : 0801", "= message c : 0802", "= message c : 0803", "= end c",
        "call d Count json : 08021005", "= message d : 0801", "= message d : 0802", "= error d 5 TEST",
        "call e Sum", "send e : 0804", "send e : 0805", "finish e", "= message e : 0809",
        "call f Sum json", "send f : 0804", "finish f", "= message f : 0804",
        "call g Chat", "send g : 0a0161", "= message g : 0a0161", "send g : 0a0162", "= message g : 0a0162", "finish g",
        "= end g",
        "call h Chat", "send h : 0a03627965", "= message h : 0a03627965", "= end h",
        "call i Chat json", "send i : 0a0161", "= message i : 0a0161", "finish i", "= end i",
        "call j Fail : 080912024f4e", "= error j 9 ON",
        "call k Fail json : 080912024f4e", "= error k 9 ON",
        "call l Wait", "cancel l", "= cancelled l",
        "call m Hold", "send m : 0801", "cancel m", "= cancelled m",
        "call n Wait timeout=20000000", "= error n 4 DEADLINE_EXCEEDED",
        // Some at once.
        "call o Chat", "call p Chat", "call q Chat", "call r Chat", "send o : 0a0161", "= message o : 0a0161",
        "send r : 0a0162", "= message r : 0a0162", "finish r", "= end r", "finish q", "= end q", "finish p", "= end p",
        "finish o", "= end o",
    ]

    /// More messages than either side holds at once.
    private static let many = (1...500).map { (number: Int) -> String in
        let varint = number < 128 ? [UInt8(number)] : [UInt8(number & 127 | 128), UInt8(number >> 7)]
        return "= message s : 08\(hexText(varint))"
    }

    private static let lines = kinds + ["call s Count : 08f403"] + many + ["= end s"]

    static func play(with client: ClientUnderTest, serverAt path: String) throws {
        try client.tell("connect \(path)")
        for line in lines {
            guard line.hasPrefix("= ") else {
                try client.tell(line)
                continue
            }
            let expected = line.dropFirst(2)
            let outcome = try client.outcome(of: String(expected.split(separator: " ")[1]))
            guard outcome == expected else { throw Disagreement(expected: String(expected), outcome: outcome) }
        }
    }

    struct Disagreement: Error {
        let expected: String
        let outcome: String
    }
}
