-- Process managers: who may act for each, and how far it has read the log. Times are microseconds since 1970.
CREATE TABLE process (
    name text COLLATE "C" PRIMARY KEY,
    pos bigint NOT NULL DEFAULT 0 CHECK (pos >= 0),
    fence bigint NOT NULL DEFAULT 0,
    holder uuid,
    until bigint NOT NULL DEFAULT 0
);

-- What they will do: commands, each once.
CREATE TABLE errand (
    id uuid PRIMARY KEY,
    process text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    what text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'moot', 'called_off')),
    ended bigint
);

CREATE INDEX errand_waiting ON errand (process, at, id) WHERE state = 'waiting';
CREATE INDEX errand_case ON errand (case_id, process);

-- The periods that run in the cases, and those that have ended.
CREATE TABLE period (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    due bigint NOT NULL,
    ended bigint
);

CREATE INDEX period_running ON period (due, id) WHERE ended IS NULL;
CREATE INDEX period_missed ON period (due, id) WHERE ended > due;
CREATE INDEX period_case ON period (case_id) WHERE ended IS NULL;

-- What people are to be told, until a letter does.
CREATE TABLE news (
    person uuid NOT NULL,
    case_id uuid NOT NULL,
    source uuid NOT NULL,
    item uuid,
    at bigint NOT NULL,
    PRIMARY KEY (person, case_id, source)
);

CREATE INDEX news_case ON news (case_id);

-- For whom something waits: since when, and when the next letter is due; 0 if that is not known, none if never.
CREATE TABLE awaiting (
    person uuid PRIMARY KEY,
    since bigint NOT NULL,
    ready bigint
);

CREATE INDEX awaiting_ready ON awaiting (ready);

CREATE TABLE letter (
    id uuid PRIMARY KEY,
    person uuid NOT NULL,
    slot bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    attempts bigint NOT NULL,
    again bigint,
    ended bigint,
    code bigint,
    fence bigint NOT NULL
);

CREATE INDEX letter_again ON letter (again, id) WHERE again IS NOT NULL;
CREATE INDEX letter_slot ON letter (slot, id);

-- What a letter is about: for the record, not for the letter.
CREATE TABLE letter_news (
    letter uuid NOT NULL,
    case_id uuid NOT NULL,
    source uuid NOT NULL,
    item uuid,
    PRIMARY KEY (letter, case_id, source)
);

CREATE INDEX letter_news_case ON letter_news (case_id);

-- How people want to be told. Addresses are sealed with a key of the centre's.
CREATE TABLE preference (
    person uuid PRIMARY KEY,
    address text,
    language text COLLATE "C" NOT NULL,
    rhythm text COLLATE "C" NOT NULL,
    changed bigint NOT NULL
);

-- The roster of mediators: versions are added, and none is changed. Entries are sealed with a key of the centre's.
CREATE TABLE mediator_entry (
    person uuid NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    entry text COLLATE "C" NOT NULL,
    written_by uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (person, version)
);
