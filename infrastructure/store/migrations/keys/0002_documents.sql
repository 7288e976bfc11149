-- Keys of documents, each wrapped by a key of its case's that is for this document alone. One that was destroyed leaves
-- its line without the key, so that no other can take its place.
CREATE TABLE document_key (
    object BLOB NOT NULL PRIMARY KEY CHECK (length(object) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    wrapped BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX document_key_case ON document_key (case_id);

-- Secrets of the centre itself, each wrapped by the master key: what follows from them stays when that is rotated.
CREATE TABLE centre_secret (
    name TEXT NOT NULL PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
