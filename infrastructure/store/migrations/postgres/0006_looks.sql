-- The access log: a row for a look at a case's page, and one for each item that was looked at by name; refused ones
-- too. The case and the item are as they were asked for: they need not exist. Times are microseconds since 1970.
CREATE TABLE look (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    viewer text COLLATE "C" NOT NULL,
    person uuid,
    case_id uuid NOT NULL,
    item uuid,
    position bigint,
    granted boolean NOT NULL,
    CHECK ((viewer = 'operator') = (person IS NULL)),
    CHECK ((item IS NULL) <> (position IS NULL))
);

CREATE INDEX look_item ON look (case_id, item, at) WHERE item IS NOT NULL;
CREATE INDEX look_person_item ON look (case_id, person, item, at) WHERE item IS NOT NULL;
CREATE INDEX look_page ON look (case_id, person, at) WHERE position IS NOT NULL;

CREATE TRIGGER look_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON look
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Not even a session that replicates may skip it.
ALTER TABLE look ENABLE ALWAYS TRIGGER look_append_only;
