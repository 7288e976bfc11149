-- The log. The first seven columns and the primary key are those that sqlite-es reads. What a row must be like is said
-- by the trigger and not by CHECKs: with a CHECK SQLite keeps, and writes to a file, what each statement would undo.
CREATE TABLE events (
    aggregate_type TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    event_version TEXT NOT NULL,
    payload TEXT NOT NULL,
    metadata TEXT NOT NULL,
    pos INTEGER NOT NULL,
    command BLOB,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) STRICT;

CREATE UNIQUE INDEX events_pos ON events (pos);

-- Only the first event of a command carries its id: the index is what carries a command out once.
CREATE UNIQUE INDEX events_command ON events (command) WHERE command IS NOT NULL;

CREATE TABLE log_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pos INTEGER NOT NULL CHECK (pos >= 0)
) STRICT;

INSERT INTO log_head (one, pos) VALUES (1, 0);

CREATE TRIGGER events_not_updated BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ROLLBACK, 'events is append-only');
END;

CREATE TRIGGER events_not_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ROLLBACK, 'events is append-only');
END;

-- INSERT OR REPLACE deletes without a delete trigger; it is caught before it does. One look at the stream's end
-- refuses a number that is taken as well as one that would leave a gap.
CREATE TRIGGER events_appended BEFORE INSERT ON events
WHEN NEW.pos <= (SELECT pos FROM log_head)
    OR NEW.sequence <> 1 + coalesce((
        SELECT max(sequence) FROM events
        WHERE aggregate_type = NEW.aggregate_type AND aggregate_id = NEW.aggregate_id
    ), 0)
    OR length(NEW.command) <> 16
    OR EXISTS (SELECT 1 FROM events WHERE command = NEW.command)
BEGIN
    SELECT RAISE(ROLLBACK, 'events is append-only, and each stream without gaps');
END;

CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
WHEN NEW.pos < OLD.pos OR NEW.one <> OLD.one
BEGIN
    SELECT RAISE(ROLLBACK, 'log_head only grows');
END;

CREATE TRIGGER log_head_not_deleted BEFORE DELETE ON log_head
BEGIN
    SELECT RAISE(ROLLBACK, 'log_head only grows');
END;

CREATE TRIGGER log_head_not_replaced BEFORE INSERT ON log_head
WHEN EXISTS (SELECT 1 FROM log_head)
BEGIN
    SELECT RAISE(ROLLBACK, 'log_head only grows');
END;
