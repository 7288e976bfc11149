-- Keys of cases, each wrapped by the master key. One that was destroyed leaves its line without the key,
-- so that no other can take its place.
CREATE TABLE case_key (
    case_id BLOB NOT NULL PRIMARY KEY CHECK (length(case_id) = 16),
    wrapped BLOB
) STRICT, WITHOUT ROWID;

-- A constant under the master key: tells a wrong key before it does harm.
CREATE TABLE key_check (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    value BLOB NOT NULL
) STRICT;
