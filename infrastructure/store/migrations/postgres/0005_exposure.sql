-- Who could see what. Each row is an interval that is open as long as `until` and the columns after it are empty.
-- `since` and `until` say what was so, `opened` and `closed` which events of the log say it, `…_recorded` when the
-- centre was told. Nothing demands that an interval ends after it begins: what is told later may have been so earlier.
-- Times are microseconds since 1970.
CREATE TABLE sitting_row (
    build bigint NOT NULL,
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    seat text COLLATE "C" NOT NULL,
    tenure bigint NOT NULL,
    since bigint NOT NULL,
    opened bigint NOT NULL,
    opened_recorded bigint NOT NULL,
    until bigint,
    closed bigint,
    closed_recorded bigint,
    PRIMARY KEY (build, case_id, person, opened)
);

-- One event may close a showing and open the next one of the same place: `since` tells them apart.
CREATE TABLE showing_row (
    build bigint NOT NULL,
    case_id uuid NOT NULL,
    item uuid NOT NULL,
    seat text COLLATE "C" NOT NULL,
    tenure bigint NOT NULL,
    since bigint NOT NULL,
    opened bigint NOT NULL,
    opened_recorded bigint NOT NULL,
    ground text COLLATE "C" NOT NULL,
    until bigint,
    closed bigint,
    closed_recorded bigint,
    denial text COLLATE "C",
    PRIMARY KEY (build, case_id, item, seat, tenure, opened, since)
);

CREATE INDEX showing_row_seat ON showing_row (build, case_id, seat, item, tenure, opened, since);

-- Read by item, also for a person: the items of a page lie together, and only a few persons sit at a case.
CREATE TABLE mark_row (
    build bigint NOT NULL,
    case_id uuid NOT NULL,
    item uuid NOT NULL,
    person uuid NOT NULL,
    tie text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    position bigint NOT NULL,
    recorded bigint NOT NULL,
    PRIMARY KEY (build, case_id, item, person, tie, position)
);
