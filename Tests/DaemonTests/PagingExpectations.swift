/// What another program than ours says of the order.
enum PagingExpectations {
    /// The staff of b-csrb by family name, then given name, then id, sorted by Node's `Intl.Collator("fr-CA")`.
    static let order = [
        "p-0036", "p-0016", "p-0027", "p-0023", "p-0004", "p-0009", "p-0021", "p-0037",
        "p-0005", "p-0031", "p-0003", "p-0007", "p-0019", "p-0035", "p-0017", "p-0013",
        "p-0030", "p-0032", "p-0015", "p-0025", "p-0006", "p-0024", "p-0033", "p-0014",
        "p-0018", "p-0002", "p-0020", "p-0028", "p-0029", "p-0001", "p-0008", "p-0010",
        "p-0038", "p-0026", "p-0022", "p-0012", "p-0034", "p-0040", "p-0011", "p-0039",
    ]
}
