-- How a consultant's briefs look. Every change is a new row, and the last one known at a cut-off
-- counts, so that an edition can be made again as it was.

-- Pictures by what they hold, so that their address never shows another one.
CREATE TABLE logo (
    sha256      TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
    png         BYTEA NOT NULL,
    width       BIGINT NOT NULL CHECK (width > 0),
    height      BIGINT NOT NULL CHECK (height > 0),
    recorded_at BIGINT NOT NULL
);

-- A column that is NULL is as the service's own. Addresses live in person alone: so does reply_to's.
CREATE TABLE brand (
    id                   TEXT NOT NULL PRIMARY KEY,
    consultant_person_id TEXT NOT NULL REFERENCES person (id),
    name                 TEXT CHECK (name <> ''),
    accent               TEXT CHECK (length(accent) = 7),
    logo_sha256          TEXT REFERENCES logo (sha256),
    reply_to_person_id   TEXT REFERENCES person (id),
    recorded_at          BIGINT NOT NULL
);
CREATE INDEX brand_consultant ON brand (consultant_person_id, recorded_at);
CREATE INDEX brand_reply_to ON brand (reply_to_person_id) WHERE reply_to_person_id IS NOT NULL;

CREATE TRIGGER brand_append_only BEFORE UPDATE OR DELETE ON brand
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER brand_no_truncate BEFORE TRUNCATE ON brand
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
