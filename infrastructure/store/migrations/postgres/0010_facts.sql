-- What figures count: a row a case, of dates and of the position of the log that says each; no content, no names, no mediator,
-- and no id that stands anywhere else. Times are microseconds since 1970.
CREATE TABLE fact_row (
    build bigint NOT NULL,
    pseudonym uuid NOT NULL,
    rule_set text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL,
    amount text COLLATE "C" NOT NULL,
    cross_border boolean NOT NULL,
    claimant uuid NOT NULL,
    respondent uuid NOT NULL,
    registered bigint NOT NULL,
    registered_position bigint NOT NULL,
    qualified bigint,
    qualified_position bigint,
    invited bigint,
    invited_position bigint,
    invitation_due bigint,
    consented bigint,
    consented_position bigint,
    appointment_due bigint,
    appointed bigint,
    appointed_position bigint,
    claimant_item bigint,
    claimant_item_position bigint,
    respondent_item bigint,
    respondent_item_position bigint,
    offline_exchange bigint,
    offline_exchange_position bigint,
    closed bigint,
    closed_position bigint,
    outcome text COLLATE "C",
    settled_later bigint,
    settled_later_position bigint,
    channels text COLLATE "C" NOT NULL,
    PRIMARY KEY (build, pseudonym)
);

-- What was published, for ever: two releases must not uncover what neither tells.
CREATE TABLE release_row (
    number bigint PRIMARY KEY,
    scope text COLLATE "C" NOT NULL,
    first_day text COLLATE "C",
    last_day text COLLATE "C",
    position bigint NOT NULL,
    time bigint NOT NULL,
    at bigint NOT NULL,
    by_person uuid,
    left_out text COLLATE "C" NOT NULL
);

CREATE TRIGGER release_row_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_row
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE release_row ENABLE ALWAYS TRIGGER release_row_append_only;

-- The facts as a table for analysts: a view in a schema of its own, that reads the live build with its owner's rights. Whoever
-- may read it needs no right to anything else.
CREATE SCHEMA entente_facts;

CREATE VIEW entente_facts.facts AS
SELECT pseudonym,
    rule_set,
    sector,
    amount,
    cross_border,
    claimant AS claimant_company,
    respondent AS respondent_company,
    timestamptz 'epoch' + registered * interval '1 microsecond' AS registered,
    registered_position,
    timestamptz 'epoch' + qualified * interval '1 microsecond' AS qualified,
    qualified_position,
    timestamptz 'epoch' + invited * interval '1 microsecond' AS invited,
    invited_position,
    timestamptz 'epoch' + invitation_due * interval '1 microsecond' AS invitation_due,
    timestamptz 'epoch' + consented * interval '1 microsecond' AS consented,
    consented_position,
    timestamptz 'epoch' + appointment_due * interval '1 microsecond' AS appointment_due,
    timestamptz 'epoch' + appointed * interval '1 microsecond' AS appointed,
    appointed_position,
    timestamptz 'epoch' + claimant_item * interval '1 microsecond' AS claimant_item,
    claimant_item_position,
    timestamptz 'epoch' + respondent_item * interval '1 microsecond' AS respondent_item,
    respondent_item_position,
    timestamptz 'epoch' + offline_exchange * interval '1 microsecond' AS offline_exchange,
    offline_exchange_position,
    timestamptz 'epoch' + closed * interval '1 microsecond' AS closed,
    closed_position,
    outcome,
    timestamptz 'epoch' + settled_later * interval '1 microsecond' AS settled_later,
    settled_later_position,
    channels
FROM fact_row
WHERE build = (SELECT build FROM view_build WHERE projection = 'facts' AND live);

-- Roles belong to the whole server: it may be there, and whoever migrates may not be allowed to make one (docs/operating.md says
-- what to grant then).
DO $$
BEGIN
    CREATE ROLE entente_analyst NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'entente_analyst') THEN
        GRANT USAGE ON SCHEMA entente_facts TO entente_analyst;
        GRANT SELECT ON entente_facts.facts TO entente_analyst;
    END IF;
END
$$;
