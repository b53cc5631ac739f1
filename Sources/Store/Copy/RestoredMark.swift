/// What a restore leaves in the database for whoever opens it next: rows came back that others have seen change since.
public enum RestoredMark {
    /// When the database was restored, as RFC 3339 in UTC; nil when it was not, or the mark was taken away.
    public static func instant(in db: some Queryable) throws(StoreError) -> String? {
        try db.value("SELECT value FROM store_facts WHERE name = 'restored'")
    }

    /// Takes the mark away, in the write that has dealt with it.
    public static func remove(in db: Transaction) throws(StoreError) {
        try db.execute("DELETE FROM store_facts WHERE name = 'restored'")
    }
}
