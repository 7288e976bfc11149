CREATE TABLE token (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    person BLOB NOT NULL,
    roles TEXT NOT NULL,
    label TEXT NOT NULL,
    issued INTEGER NOT NULL,
    revoked INTEGER
) STRICT;

CREATE INDEX token_person ON token (person) WHERE revoked IS NULL;
