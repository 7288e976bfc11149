-- Who could see what. Each row is an interval that is open as long as `until` and the columns after it are empty.
-- `since` and `until` say what was so, `opened` and `closed` which events of the log say it, `…_recorded` when the
-- centre was told. Nothing demands that an interval ends after it begins: what is told later may have been so earlier.
-- Times are microseconds since 1970.
CREATE TABLE sitting_row (
    build INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    person BLOB NOT NULL,
    seat TEXT NOT NULL,
    tenure INTEGER NOT NULL,
    since INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    opened_recorded INTEGER NOT NULL,
    until INTEGER,
    closed INTEGER,
    closed_recorded INTEGER,
    PRIMARY KEY (build, case_id, person, opened)
) STRICT, WITHOUT ROWID;

-- One event may close a showing and open the next one of the same place: `since` tells them apart.
CREATE TABLE showing_row (
    build INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    item BLOB NOT NULL,
    seat TEXT NOT NULL,
    tenure INTEGER NOT NULL,
    since INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    opened_recorded INTEGER NOT NULL,
    ground TEXT NOT NULL,
    until INTEGER,
    closed INTEGER,
    closed_recorded INTEGER,
    denial TEXT,
    PRIMARY KEY (build, case_id, item, seat, tenure, opened, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX showing_row_seat ON showing_row (build, case_id, seat, item, tenure, opened, since);

-- Read by item, also for a person: the items of a page lie together, and only a few persons sit at a case.
CREATE TABLE mark_row (
    build INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    item BLOB NOT NULL,
    person BLOB NOT NULL,
    tie TEXT NOT NULL,
    at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (build, case_id, item, person, tie, position)
) STRICT, WITHOUT ROWID;
