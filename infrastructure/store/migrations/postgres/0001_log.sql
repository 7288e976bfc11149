-- The log. The first seven columns and the primary key are those that postgres-es reads.
-- Ids compare byte by byte: collation "C" is the cheap way to say so.
CREATE TABLE events (
    aggregate_type text COLLATE "C" NOT NULL,
    aggregate_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    event_type text COLLATE "C" NOT NULL,
    event_version text COLLATE "C" NOT NULL,
    payload json NOT NULL,
    metadata json NOT NULL,
    pos bigint NOT NULL CHECK (pos >= 1),
    command uuid,
    CONSTRAINT events_pkey PRIMARY KEY (aggregate_type, aggregate_id, sequence)
);

CREATE UNIQUE INDEX events_pos ON events (pos);

-- Only the first event of a command carries its id: the index is what carries a command out once.
CREATE UNIQUE INDEX events_command ON events (command) WHERE command IS NOT NULL;

-- Updated by every batch: room on the page keeps the updates out of the index and of vacuum's way.
CREATE TABLE log_head (
    one integer PRIMARY KEY CHECK (one = 1),
    pos bigint NOT NULL CHECK (pos >= 0)
) WITH (fillfactor = 10);

INSERT INTO log_head (one, pos) VALUES (1, 0);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head
    FOR EACH ROW WHEN (NEW.pos < OLD.pos OR NEW.one <> OLD.one) EXECUTE FUNCTION append_only();
CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Not even a session that replicates may skip them.
ALTER TABLE events ENABLE ALWAYS TRIGGER events_append_only;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_grows;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_stays;

-- Appends a batch of commands, each wholly or not at all; no two of one stream or of one id.
-- Answers per command: the position of its first event, -1 if its stream has moved on, -2 if it was appended before.
-- A function and not one statement: each statement in here sees what was committed before the lock was granted.
CREATE FUNCTION append_batch(
    streams text[],
    expecteds bigint[],
    commands uuid[],
    metadatas text[],
    sizes integer[],
    owners integer[],
    nths integer[],
    kinds text[],
    versions text[],
    payloads text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    answers bigint[];
    added bigint;
BEGIN
    SELECT h.pos INTO STRICT head FROM log_head h WHERE h.one = 1 FOR UPDATE;

    SELECT
        array_agg(CASE WHEN placed.verdict = 0 THEN placed.first ELSE placed.verdict END ORDER BY placed.nr),
        coalesce(sum(placed.size) FILTER (WHERE placed.verdict = 0), 0)
    INTO answers, added
    FROM (
        SELECT judged.nr, judged.size, judged.verdict,
            head + 1 + coalesce(sum(judged.size) FILTER (WHERE judged.verdict = 0)
                OVER (ORDER BY judged.nr ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS first
        FROM (
            SELECT ask.nr, ask.size,
                CASE
                    WHEN (SELECT e.pos FROM events e WHERE e.command = ask.command) IS NOT NULL THEN -2
                    WHEN coalesce((
                        SELECT max(e.sequence) FROM events e
                        WHERE e.aggregate_type = 'case' AND e.aggregate_id = ask.stream
                    ), 0) <> ask.expected THEN -1
                    ELSE 0
                END AS verdict
            FROM unnest(streams, expecteds, commands, sizes) WITH ORDINALITY
                AS ask (stream, expected, command, size, nr)
        ) judged
    ) placed;

    IF added > 0 THEN
        INSERT INTO events (
            aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, pos, command
        )
        SELECT 'case', streams[line.owner], expecteds[line.owner] + line.nth, line.kind, line.version,
            line.payload::json, metadatas[line.owner]::json, answers[line.owner] + line.nth - 1,
            CASE WHEN line.nth = 1 THEN commands[line.owner] END
        FROM unnest(owners, nths, kinds, versions, payloads) AS line (owner, nth, kind, version, payload)
        WHERE answers[line.owner] > 0;

        UPDATE log_head SET pos = head + added WHERE one = 1;
    END IF;

    RETURN answers;
END
$$;

-- Appends a batch, betting that nothing is in the way of any of its commands; answers the position of the first event.
-- A lost bet is an error and undoes all: a unique violation if a stream is longer than expected or a command was
-- appended before, EN001 if a stream is shorter. The head is moved first, which takes the lock in the same breath.
CREATE FUNCTION append_bet(
    streams text[],
    sequences bigint[],
    kinds text[],
    versions text[],
    payloads text[],
    metadatas text[],
    commands uuid[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    size integer := cardinality(kinds);
    head bigint;
BEGIN
    UPDATE log_head h SET pos = h.pos + size WHERE h.one = 1 RETURNING h.pos - size INTO STRICT head;

    IF size = 1 THEN
        INSERT INTO events (
            aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, pos, command
        ) VALUES (
            'case', streams[1], sequences[1], kinds[1], versions[1], payloads[1]::json, metadatas[1]::json, head + 1,
            commands[1]
        );
    ELSE
        INSERT INTO events (
            aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, pos, command
        )
        SELECT 'case', line.stream, line.sequence, line.kind, line.version, line.payload::json, line.metadata::json,
            head + line.nr, line.command
        FROM unnest(streams, sequences, kinds, versions, payloads, metadatas, commands)
            WITH ORDINALITY AS line (stream, sequence, kind, version, payload, metadata, command, nr);
    END IF;

    -- Only a command's first event can follow on nothing. A look-up each: a join would be planned for a log that is
    -- still empty.
    IF EXISTS (
        SELECT 1 FROM unnest(streams, sequences, commands) AS line (stream, sequence, command)
        WHERE line.command IS NOT NULL AND line.sequence > 1 AND (
            SELECT e.sequence FROM events e
            WHERE e.aggregate_type = 'case' AND e.aggregate_id = line.stream AND e.sequence = line.sequence - 1
        ) IS NULL
    ) THEN
        RAISE EXCEPTION 'a stream is shorter than expected' USING ERRCODE = 'EN001';
    END IF;

    RETURN head + 1;
END
$$;
