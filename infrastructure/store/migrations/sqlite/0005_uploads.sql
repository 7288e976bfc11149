-- Documents on their way in, and those that have arrived: whose quota they count against, and how far they are. Names
-- and digests are sealed with the document's key. One that is swept is on its way out: its key is destroyed before its
-- line goes. Times are microseconds since 1970.
CREATE TABLE upload (
    object BLOB NOT NULL PRIMARY KEY CHECK (length(object) = 16),
    case_id BLOB NOT NULL,
    person BLOB NOT NULL,
    seat TEXT NOT NULL,
    discussion BLOB NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND size),
    touched INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    facts TEXT,
    item BLOB,
    swept INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_quota ON upload (case_id, seat, size);
CREATE INDEX upload_stale ON upload (touched) WHERE item IS NULL;
