//! Seeded leaks: mistakes that somebody could make, one at a time, in the build that tests the tests of confidence.
//!
//! The feature `leaks` is no other build's. Each leak is in the code where it would be made; `seed` switches one on for
//! the thread that asks.

#[cfg(not(debug_assertions))]
compile_error!("the feature `leaks` is for the tests of confidence, and never for a release");

use std::cell::Cell;

macro_rules! leaks {
    ($($(#[$doc:meta])* $name:ident: $category:literal;)*) => {
        /// A mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Leak { $($(#[$doc])* $name),* }

        impl Leak {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it leaks through.
            pub const fn category(self) -> &'static str {
                match self { $(Self::$name => $category),* }
            }
        }
    };
}

leaks! {
    /// The page's tag is the stream's version.
    TagOfTheStream: "version/ETag";
    /// The page's tag is salted with the stream's version.
    TagSaltedWithTheStream: "version/ETag";
    /// A header tells the stream's version.
    VersionInAHeader: "version/ETag";
    /// A record has a tag that counts all documents.
    TagOfAllDocuments: "version/ETag";
    /// A deed is a conflict if anything has happened since its hand last read the page.
    ConflictWithTheHidden: "409/412";
    /// A precondition is held against the stream and not against the page.
    PreconditionOnTheStream: "409/412";
    /// The answer to a command tells the log's position.
    PositionInTheAnswer: "positions and cursors";
    /// The last line of the timeline is numbered as in the stream.
    TimelineAsInTheStream: "positions and cursors";
    /// A list's cursor holds the log's position.
    PositionInTheCursor: "positions and cursors";
    /// Anybody's command can be waited for.
    AwaitingAnybody: "positions and cursors";
    /// Ids count what there is already.
    IdsInOrder: "time-ordered ids";
    /// Items are numbered as in the case, hidden ones included.
    GapsInNumbers: "counts and totals";
    /// A thread's count is of all items.
    TotalsOfThreads: "counts and totals";
    /// The list of cases counts all items.
    TotalsOfCases: "counts and totals";
    /// A header tells how many documents the case has.
    DocumentsInAHeader: "counts and totals";
    /// A hidden item is forbidden, and not absent.
    ForbiddenItem: "403 versus 404";
    /// A deed on a hidden item is a conflict, and not absent.
    ConflictOnAHiddenItem: "403 versus 404";
    /// Anybody at the case may read anybody's trail.
    TrailsOfOthers: "403 versus 404";
    /// The body is read before it is clear whether its item may be known.
    BodyBeforeItem: "order of checks";
    /// Somebody else's upload is forbidden, and not absent.
    ForbiddenUpload: "403 versus 404";
    /// An upload is its submitter's colleagues' as well, before it is laid on the table.
    UploadsOfTheCamp: "403 versus 404";
    /// A document's content is given to whoever knows its item's id.
    ContentByItsId: "403 versus 404";
    /// A range that is not there is refused, with the size, before it is clear whether the document may be known.
    RangeBeforeItem: "order of checks";
    /// A hidden thread is refused before the rest of the question is read.
    ThreadBeforeQuery: "order of checks";
    /// There can be one further thread, whoever opened it.
    OneFurtherThread: "uniqueness errors";
    /// No two files of a case have one name, whoever brings them.
    OneFileOfAName: "uniqueness errors";
    /// The stream of changes speaks whenever something happens.
    WakesForAnything: "wake-ups";
    /// Everyone at the table sees who was alerted.
    AlertsForAll: "alerts: audience";
    /// A letter tells of items that its reader may not see.
    AlertsOfTheHidden: "alerts: audience";
    /// An alert bears the time of the last thing that happened.
    AlertAtTheLastActivity: "alerts: time";
    /// A letter goes to everybody who sits at the case, whatever they can see.
    LettersForAll: "alerts: audience";
    /// A letter goes out although what it tells of was taken back before its hour.
    LettersOfWhatWasTakenBack: "alerts: audience";
    /// A letter is dated with the first thing that its reader was not told of, hidden or not.
    LetterAtTheFirstThing: "alerts: time";
    /// A letter's id, which its Message-ID follows from, counts what there is in the case.
    LetterIdsInOrder: "letters";
    /// There is an alert for each item, hidden ones included.
    AlertForEachItem: "alerts: size";
    /// The badge counts all items.
    UnreadOfAll: "unread badges";
    /// A header tells when anything last happened.
    LastModified: "last activity";
    /// The list of cases tells when anything last happened.
    SinceTheLastActivity: "last activity";
    /// The centre's list tells when anything last happened.
    CaseloadByActivity: "last activity";
    /// The centre's list has the letters that went well: that somebody had news.
    LettersThatWentWell: "the centre's lists";
    /// The centre's list has letters about a case at which one sits oneself.
    LettersOfOnesOwnCase: "the centre's lists";
    /// A page of the centre's deadlines is cut before it is clear which rows may be shown.
    GapsInDeadlines: "the centre's lists";
    /// The centre's deadlines have those of drafts.
    DraftsInDeadlines: "the centre's lists";
    /// Everyone at the case sees whom the centre asks to mediate, and until when.
    CandidatesForAll: "candidates";
    /// Who is asked to mediate is told how much there is to read.
    ItemsForTheCandidate: "candidates";
    /// The other side reads why a mediator is challenged.
    GroundForAll: "case state";
    /// Threads come in an order that depends on all that has happened.
    ThreadsByActivity: "sort order";
    /// Whoever has done something last comes first.
    PeopleByActivity: "participants list";
    /// Whoever sees an item sees who has opened it.
    ReceiptsForAll: "receipts";
    /// The other side learns of a release.
    ReleaseTold: "case state";
    /// The other side learns that auditors may read.
    AuditAccessTold: "case state";
    /// Everyone learns of a call with one side.
    ExchangesForAll: "case state";
    /// The page's channel is that of the last exchange, also a private one.
    ChannelOfTheCaucus: "case state";
    /// Everyone reads why a camp withdrew.
    ReasonForAll: "case state";
    /// Equal content is stored once, across audiences.
    OneCopyOfEqualContent: "deduplication of equal content";
    /// A file that the case has already need not be sent, whoever brought it.
    NoNeedToSend: "deduplication of equal content";
    /// A search tells how often the words occur in the whole case.
    MatchesOfAll: "search";
    /// A case holds so many items, whoever brought them.
    QuotaOfTheCase: "quotas";
    /// There is so much room for documents in a case, whoever takes it up.
    RoomOfTheCase: "quotas";
    /// What a colleague has not laid on the table takes up the camp's room.
    RoomOfTheCamp: "quotas";
    /// A key is anybody's.
    KeysOfEverybody: "idempotency keys";
    /// What is left of a limit that the case's hands share.
    SharedRateLimit: "rate limits";
    /// A page is kept for the case, and not for its viewer.
    PageOfTheCase: "caches";
    /// One's own trail lists what there is, and not what one sees.
    TrailOfTheHidden: "audit export";
    /// One's own trail is numbered as the stream.
    TrailAsInTheStream: "audit export";
    /// The log of the service has paths in it.
    PathsInTheLog: "logs and metrics";
    /// The log of the service has words in it.
    WordsInTheLog: "logs and metrics";
    /// Readiness counts events.
    EventsInReadiness: "logs and metrics";
    /// Every answer counts appends.
    AppendsInAHeader: "logs and metrics";
    /// There is more to look up if something is hidden.
    AStatementMore: "time";
}

thread_local! {
    static SEEDED: Cell<Option<Leak>> = const { Cell::new(None) };
}

/// Switches a leak on for this thread, or all off.
pub fn seed(leak: Option<Leak>) {
    SEEDED.set(leak);
}

/// Whether this leak is on.
pub fn seeded(leak: Leak) -> bool {
    SEEDED.get() == Some(leak)
}
