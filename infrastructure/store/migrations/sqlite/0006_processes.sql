-- Process managers: who may act for each, and how far it has read the log. Times are microseconds since 1970.
CREATE TABLE process (
    name TEXT NOT NULL PRIMARY KEY,
    pos INTEGER NOT NULL DEFAULT 0 CHECK (pos >= 0),
    fence INTEGER NOT NULL DEFAULT 0,
    holder BLOB,
    until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What they will do: commands, each once.
CREATE TABLE errand (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    process TEXT NOT NULL,
    case_id BLOB NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'moot', 'called_off')),
    ended INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX errand_waiting ON errand (process, at, id) WHERE state = 'waiting';
CREATE INDEX errand_case ON errand (case_id, process);

-- The periods that run in the cases, and those that have ended.
CREATE TABLE period (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    since INTEGER NOT NULL,
    due INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX period_running ON period (due, id) WHERE ended IS NULL;
CREATE INDEX period_missed ON period (due, id) WHERE ended > due;
CREATE INDEX period_case ON period (case_id) WHERE ended IS NULL;

-- What people are to be told, until a letter does.
CREATE TABLE news (
    person BLOB NOT NULL,
    case_id BLOB NOT NULL,
    source BLOB NOT NULL,
    item BLOB,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, case_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX news_case ON news (case_id);

-- For whom something waits: since when, and when the next letter is due; 0 if that is not known, none if never.
CREATE TABLE awaiting (
    person BLOB NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL,
    ready INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX awaiting_ready ON awaiting (ready);

CREATE TABLE letter (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL,
    slot INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    again INTEGER,
    ended INTEGER,
    code INTEGER,
    fence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX letter_again ON letter (again, id) WHERE again IS NOT NULL;
CREATE INDEX letter_slot ON letter (slot, id);

-- What a letter is about: for the record, not for the letter.
CREATE TABLE letter_news (
    letter BLOB NOT NULL,
    case_id BLOB NOT NULL,
    source BLOB NOT NULL,
    item BLOB,
    PRIMARY KEY (letter, case_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX letter_news_case ON letter_news (case_id);

-- How people want to be told. Addresses are sealed with a key of the centre's.
CREATE TABLE preference (
    person BLOB NOT NULL PRIMARY KEY,
    address TEXT,
    language TEXT NOT NULL,
    rhythm TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The roster of mediators: versions are added, and none is changed. Entries are sealed with a key of the centre's.
CREATE TABLE mediator_entry (
    person BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    entry TEXT NOT NULL,
    written_by BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, version)
) STRICT, WITHOUT ROWID;
