-- Builds of projections. A dropped one leaves its line, so that its number is never given again.
CREATE TABLE view_build (
    projection text COLLATE "C" NOT NULL,
    build bigint NOT NULL,
    version integer NOT NULL,
    live boolean NOT NULL DEFAULT false,
    dropped boolean NOT NULL DEFAULT false,
    pos bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (projection, build)
);

CREATE UNIQUE INDEX view_build_live ON view_build (projection) WHERE live;

-- Times are microseconds since 1970.
CREATE TABLE inbox_row (
    build bigint NOT NULL,
    person uuid NOT NULL,
    item uuid NOT NULL,
    at bigint NOT NULL,
    case_id uuid NOT NULL,
    opened boolean NOT NULL,
    PRIMARY KEY (build, person, item)
);

CREATE INDEX inbox_row_newest ON inbox_row (build, person, at, item);
CREATE INDEX inbox_row_case ON inbox_row (build, case_id);

CREATE TABLE seated_row (
    build bigint NOT NULL,
    person uuid NOT NULL,
    case_id uuid NOT NULL,
    seat text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (build, person, case_id, seat)
);

CREATE INDEX seated_row_newest ON seated_row (build, person, since, case_id);
CREATE INDEX seated_row_case ON seated_row (build, case_id);

CREATE TABLE caseload_row (
    build bigint NOT NULL,
    case_id uuid NOT NULL,
    registered bigint NOT NULL,
    phase text COLLATE "C" NOT NULL,
    due_kind text COLLATE "C",
    due bigint,
    appointment_missed boolean NOT NULL,
    channel text COLLATE "C" NOT NULL,
    outcome text COLLATE "C",
    closed bigint,
    PRIMARY KEY (build, case_id)
);

CREATE INDEX caseload_row_newest ON caseload_row (build, registered, case_id);
CREATE INDEX caseload_row_phase ON caseload_row (build, phase, registered, case_id);
CREATE INDEX caseload_row_due ON caseload_row (build, due, case_id) WHERE due IS NOT NULL;
