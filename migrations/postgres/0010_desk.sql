-- Those who sign in, what they write, and what readers answer from their mails.

-- A link that was asked for. It is good once, for a short time, and in the browser that asked: the
-- cookie of that browser and the token of the link are stored as hashes. target is where it leads then.
CREATE TABLE sign_in (
    id              TEXT NOT NULL PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES person (id),
    browser_sha256  TEXT NOT NULL CHECK (length(browser_sha256) = 64),
    token_sha256    TEXT NOT NULL CHECK (length(token_sha256) = 64),
    target          TEXT NOT NULL CHECK (target LIKE '/%' AND target NOT LIKE '//%'),
    client_ip       TEXT CHECK (client_ip <> ''),
    requested_at    BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    used_at         BIGINT,
    CHECK (expires_at > requested_at)
);
CREATE UNIQUE INDEX sign_in_token ON sign_in (token_sha256);
CREATE INDEX sign_in_person ON sign_in (person_id);
CREATE INDEX sign_in_expiry ON sign_in (expires_at);

-- Somebody who is signed in, by the hash of the cookie.
CREATE TABLE web_session (
    id            TEXT NOT NULL PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES person (id),
    cookie_sha256 TEXT NOT NULL CHECK (length(cookie_sha256) = 64),
    client_ip     TEXT CHECK (client_ip <> ''),
    began_at      BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    CHECK (expires_at > began_at)
);
CREATE UNIQUE INDEX web_session_cookie ON web_session (cookie_sha256);
CREATE INDEX web_session_person ON web_session (person_id);
CREATE INDEX web_session_expiry ON web_session (expires_at);

-- Everything that a person or a program wrote by the pages, the mails and the API: who, by which way,
-- what, about what, and what it was before and after. Append-only.
CREATE TABLE audit (
    id              TEXT NOT NULL PRIMARY KEY,
    recorded_at     BIGINT NOT NULL,
    person_id       TEXT REFERENCES person (id),
    actor           TEXT NOT NULL CHECK (actor <> ''),
    way             TEXT NOT NULL CHECK (way IN ('desk', 'mail', 'api', 'source', 'command')),
    organization_id TEXT REFERENCES organization (id),
    action          TEXT NOT NULL CHECK (action <> ''),
    subject         TEXT NOT NULL CHECK (subject <> ''),
    detail          TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_recorded ON audit (recorded_at, id);
CREATE INDEX audit_organization ON audit (organization_id, recorded_at) WHERE organization_id IS NOT NULL;
CREATE INDEX audit_person ON audit (person_id, recorded_at) WHERE person_id IS NOT NULL;

-- What a reader answered for a gap by a link in a mail. The same answer of the same mail counts once.
-- seen_at is when a consultant dealt with it.
CREATE TABLE answer (
    id          TEXT NOT NULL PRIMARY KEY,
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    gap_id      TEXT NOT NULL REFERENCES gap (id),
    kind        TEXT NOT NULL CHECK (kind IN ('done', 'blocked', 'not_mine', 'correct')),
    text        TEXT NOT NULL DEFAULT '',
    answered_at BIGINT NOT NULL,
    seen_at     BIGINT,
    seen_by     TEXT,
    CHECK ((seen_at IS NULL) = (seen_by IS NULL))
);
CREATE UNIQUE INDEX answer_once ON answer (delivery_id, gap_id, kind);
CREATE INDEX answer_gap ON answer (gap_id, answered_at);
CREATE INDEX answer_person ON answer (person_id);
CREATE INDEX answer_waiting ON answer (answered_at) WHERE seen_at IS NULL;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
