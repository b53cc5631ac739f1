/// The resource name of a `Caller.principal`.
enum PrincipalName {
    static func of(_ principal: String, board: String) -> String {
        "boards/\(board)/" + (principal.contains("/") ? principal : "people/\(principal)")
    }
}
