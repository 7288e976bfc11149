-- Keys of documents, each wrapped by a key of its case's that is for this document alone. One that was destroyed leaves
-- its line without the key, so that no other can take its place.
CREATE TABLE entente_keys.document_key (
    object uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    wrapped bytea
);

CREATE INDEX document_key_case ON entente_keys.document_key (case_id);

-- Secrets of the centre itself, each wrapped by the master key: what follows from them stays when that is rotated.
CREATE TABLE entente_keys.centre_secret (
    name text COLLATE "C" PRIMARY KEY,
    wrapped bytea NOT NULL
);

-- Documents on their way in, and those that have arrived: whose quota they count against, and how far they are. Names
-- and digests are sealed with the document's key. One that is swept is on its way out: its key is destroyed before its
-- line goes. Times are microseconds since 1970.
CREATE TABLE upload (
    object uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    seat text COLLATE "C" NOT NULL,
    discussion uuid NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    received bigint NOT NULL CHECK (received BETWEEN 0 AND size),
    touched bigint NOT NULL,
    sealed text NOT NULL,
    facts text,
    item uuid,
    swept boolean NOT NULL DEFAULT false
);

CREATE INDEX upload_quota ON upload (case_id, seat, size);
CREATE INDEX upload_stale ON upload (touched) WHERE item IS NULL;
