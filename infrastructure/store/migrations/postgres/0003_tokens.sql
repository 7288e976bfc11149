CREATE TABLE token (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    person uuid NOT NULL,
    roles text NOT NULL,
    label text NOT NULL,
    issued bigint NOT NULL,
    revoked bigint
);

CREATE INDEX token_person ON token (person) WHERE revoked IS NULL;
