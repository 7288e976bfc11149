-- Builds of projections. A dropped one leaves its line, so that its number is never given again.
CREATE TABLE view_build (
    projection TEXT NOT NULL,
    build INTEGER NOT NULL,
    version INTEGER NOT NULL,
    live INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    pos INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (projection, build)
) STRICT;

CREATE UNIQUE INDEX view_build_live ON view_build (projection) WHERE live;

-- Times are microseconds since 1970.
CREATE TABLE inbox_row (
    build INTEGER NOT NULL,
    person BLOB NOT NULL,
    item BLOB NOT NULL,
    at INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    opened INTEGER NOT NULL,
    PRIMARY KEY (build, person, item)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_row_newest ON inbox_row (build, person, at, item);
CREATE INDEX inbox_row_case ON inbox_row (build, case_id);

CREATE TABLE seated_row (
    build INTEGER NOT NULL,
    person BLOB NOT NULL,
    case_id BLOB NOT NULL,
    seat TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (build, person, case_id, seat)
) STRICT, WITHOUT ROWID;

CREATE INDEX seated_row_newest ON seated_row (build, person, since, case_id);
CREATE INDEX seated_row_case ON seated_row (build, case_id);

CREATE TABLE caseload_row (
    build INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    registered INTEGER NOT NULL,
    phase TEXT NOT NULL,
    due_kind TEXT,
    due INTEGER,
    appointment_missed INTEGER NOT NULL,
    channel TEXT NOT NULL,
    outcome TEXT,
    closed INTEGER,
    PRIMARY KEY (build, case_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX caseload_row_newest ON caseload_row (build, registered, case_id);
CREATE INDEX caseload_row_phase ON caseload_row (build, phase, registered, case_id);
CREATE INDEX caseload_row_due ON caseload_row (build, due, case_id) WHERE due IS NOT NULL;
