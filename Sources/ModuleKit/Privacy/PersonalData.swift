public import Calendar
public import Store
public import SwiftProtobuf

/// Whether a module holds data of people: each module says so, and one that says `none` while a table of its own has
/// a column `person_id`, or one that ends so, does not start.
public enum PersonalData: Sendable {
    /// Nothing of any person.
    case none
    case kept(any PersonalDataKeeper)
}

/// How a module gives one person's data away, and how it forgets them.
///
/// It is asked for all modules that are compiled in, also those that are turned off.
public protocol PersonalDataKeeper: Sendable {
    /// All that the module holds of a person, collection after collection; nothing for somebody it does not know.
    ///
    /// - Parameter person: the id of the person.
    func export(_ person: String, in db: some Queryable) throws -> [PersonalRecord]

    /// Whether the module lets the person go now. Asked once, before anything of the erasure is written.
    ///
    /// - Throws: a `Status` FAILED_PRECONDITION.
    func checkErasure(of person: String, at now: Timestamp, in db: some Queryable) throws

    /// Erases all that says more of a person than generated ids do. What others need to stay true (counts, places
    /// taken, who decided what) may keep the id.
    ///
    /// It must not refuse: the erasure is on record already. It is done again on a database that was restored from a
    /// backup, there perhaps to a person who is not known (yet), and must come to the same end when it is repeated.
    func erase(_ person: String, in call: EffectCall) throws

    /// The collections of `export` of which something stays behind an erasure, as ids, and why: what a person who asks to
    /// be erased is told. Of all other collections the records go. There is no default: a module cannot omit it.
    var traces: [ErasureTrace] { get }

    /// The person's own confirmed appointments, for the calendar among their data.
    func calendar(of person: String, in db: some Queryable) throws -> [CalendarEntry]

    /// The tables whose rows say more of people than generated ids do: they are written anew after an erasure, since a
    /// database file keeps copies of rows in the gaps of its pages. Tables of ids alone, however large, are not meant.
    var tables: [PersonalTable] { get }

    /// The indexes that held words of the person: they are written anew after an erasure, since an index keeps removed
    /// words in its pages for a while.
    var searchIndexes: [SearchIndex] { get }
}

extension PersonalDataKeeper {
    public var searchIndexes: [SearchIndex] { [] }
    public func calendar(of person: String, in db: some Queryable) throws -> [CalendarEntry] { [] }
    public func checkErasure(of person: String, at now: Timestamp, in db: some Queryable) throws {}
}

/// What stays of one collection when a person is erased: ids, and no more.
public struct ErasureTrace: Sendable {
    /// The collection within the module: "registrations".
    public var collection: String
    /// Why, in French and English.
    public var why: TextByLanguage

    public init(_ collection: String, fr: String, en: String) {
        (self.collection, why) = (collection, TextByLanguage(["fr": fr, "en": en]))
    }
}

/// One record of a person's data.
public struct PersonalRecord: Sendable {
    /// The collection within the module: "registrations".
    public var collection: String
    /// The record as the module's API shows it.
    public var message: any SwiftProtobuf.Message

    public init(_ collection: String, _ message: any SwiftProtobuf.Message) {
        (self.collection, self.message) = (collection, message)
    }
}
