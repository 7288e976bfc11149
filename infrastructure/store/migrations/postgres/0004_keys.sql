-- A schema of its own: keys are backed up apart from what they open, and for a shorter time.
CREATE SCHEMA entente_keys;

-- Keys of cases, each wrapped by the master key. One that was destroyed leaves its line without the key,
-- so that no other can take its place.
CREATE TABLE entente_keys.case_key (
    case_id uuid PRIMARY KEY,
    wrapped bytea
);

-- A constant under the master key: tells a wrong key before it does harm.
CREATE TABLE entente_keys.key_check (
    one integer PRIMARY KEY CHECK (one = 1),
    value bytea NOT NULL
);
