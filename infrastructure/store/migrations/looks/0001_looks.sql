-- The access log: a row for a look at a case's page, and one for each item that was looked at by name; refused ones
-- too. The case and the item are as they were asked for: they need not exist. Times are microseconds since 1970.
CREATE TABLE look (
    -- In look_added a row that has no number yet is called -1: nobody may have that number.
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    at INTEGER NOT NULL,
    viewer TEXT NOT NULL,
    person BLOB,
    case_id BLOB NOT NULL,
    item BLOB,
    position INTEGER,
    granted INTEGER NOT NULL,
    CHECK ((viewer = 'operator') = (person IS NULL)),
    CHECK ((item IS NULL) <> (position IS NULL))
) STRICT;

CREATE INDEX look_item ON look (case_id, item, at) WHERE item IS NOT NULL;
CREATE INDEX look_person_item ON look (case_id, person, item, at) WHERE item IS NOT NULL;
CREATE INDEX look_page ON look (case_id, person, at) WHERE position IS NOT NULL;

CREATE TRIGGER look_not_updated BEFORE UPDATE ON look
BEGIN
    SELECT RAISE(ROLLBACK, 'look is append-only');
END;

CREATE TRIGGER look_not_deleted BEFORE DELETE ON look
BEGIN
    SELECT RAISE(ROLLBACK, 'look is append-only');
END;

-- INSERT OR REPLACE deletes without a delete trigger; it is caught before it does.
CREATE TRIGGER look_added BEFORE INSERT ON look
WHEN EXISTS (SELECT 1 FROM look WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ROLLBACK, 'look is append-only');
END;
