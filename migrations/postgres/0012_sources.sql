-- Databases of others that gaps and histories are read from, by the name that the settings give each.

-- One reading of a source. While finished_at is NULL a process is at it, which may until lease_until.
-- digest is of everything that it answered; error says why it failed, without a password.
CREATE TABLE source_pull (
    id            TEXT NOT NULL PRIMARY KEY,
    source        TEXT NOT NULL CHECK (source <> ''),
    started_at    BIGINT NOT NULL,
    lease_until   BIGINT NOT NULL,
    finished_at   BIGINT,
    outcome       TEXT CHECK (outcome IN ('written', 'unchanged', 'failed', 'given_up')),
    rows_read     BIGINT NOT NULL DEFAULT 0 CHECK (rows_read >= 0),
    rows_written  BIGINT NOT NULL DEFAULT 0 CHECK (rows_written >= 0),
    rows_rejected BIGINT NOT NULL DEFAULT 0 CHECK (rows_rejected >= 0),
    digest        TEXT CHECK (length(digest) = 64),
    error         TEXT CHECK (error <> ''),
    CHECK ((finished_at IS NULL) = (outcome IS NULL)),
    CHECK (outcome IS NULL OR (outcome = 'failed') = (error IS NOT NULL))
);
CREATE UNIQUE INDEX source_pull_running ON source_pull (source) WHERE finished_at IS NULL;
CREATE INDEX source_pull_source ON source_pull (source, started_at);

-- Which organizations a source told something about, by the import that it became. A voided import
-- tells nothing. Append-only.
CREATE TABLE source_organization (
    organization_id TEXT NOT NULL REFERENCES organization (id),
    source          TEXT NOT NULL CHECK (source <> ''),
    batch_id        TEXT NOT NULL REFERENCES import_batch (id),
    told_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, source, batch_id)
);
CREATE INDEX source_organization_source ON source_organization (source);

CREATE TRIGGER source_organization_append_only BEFORE UPDATE OR DELETE ON source_organization
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER source_organization_no_truncate BEFORE TRUNCATE ON source_organization
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
