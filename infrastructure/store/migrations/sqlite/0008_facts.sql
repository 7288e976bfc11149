-- What figures count: a row a case, of dates and of the position of the log that says each; no content, no names, no mediator,
-- and no id that stands anywhere else. Times are microseconds since 1970.
CREATE TABLE fact_row (
    build INTEGER NOT NULL,
    pseudonym BLOB NOT NULL,
    rule_set TEXT NOT NULL,
    sector TEXT NOT NULL,
    amount TEXT NOT NULL,
    cross_border INTEGER NOT NULL,
    claimant BLOB NOT NULL,
    respondent BLOB NOT NULL,
    registered INTEGER NOT NULL,
    registered_position INTEGER NOT NULL,
    qualified INTEGER,
    qualified_position INTEGER,
    invited INTEGER,
    invited_position INTEGER,
    invitation_due INTEGER,
    consented INTEGER,
    consented_position INTEGER,
    appointment_due INTEGER,
    appointed INTEGER,
    appointed_position INTEGER,
    claimant_item INTEGER,
    claimant_item_position INTEGER,
    respondent_item INTEGER,
    respondent_item_position INTEGER,
    offline_exchange INTEGER,
    offline_exchange_position INTEGER,
    closed INTEGER,
    closed_position INTEGER,
    outcome TEXT,
    settled_later INTEGER,
    settled_later_position INTEGER,
    channels TEXT NOT NULL,
    PRIMARY KEY (build, pseudonym)
) STRICT, WITHOUT ROWID;

-- What was published, for ever: two releases must not uncover what neither tells.
CREATE TABLE release_row (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    first_day TEXT,
    last_day TEXT,
    position INTEGER NOT NULL,
    time INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by_person BLOB,
    left_out TEXT NOT NULL
) STRICT;

CREATE TRIGGER release_row_not_updated BEFORE UPDATE ON release_row
BEGIN
    SELECT RAISE(ROLLBACK, 'release_row is append-only');
END;

CREATE TRIGGER release_row_not_deleted BEFORE DELETE ON release_row
BEGIN
    SELECT RAISE(ROLLBACK, 'release_row is append-only');
END;

-- INSERT OR REPLACE deletes without a delete trigger.
CREATE TRIGGER release_row_not_replaced BEFORE INSERT ON release_row
WHEN EXISTS (SELECT 1 FROM release_row WHERE number = NEW.number)
BEGIN
    SELECT RAISE(IGNORE);
END;
