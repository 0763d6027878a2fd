-- Programs that may use the API, and what they asked for lately.

-- The token of a program: shown once, and stored as a hash. scopes are words with blanks between.
-- Without an organization it is for all of them. created_by is who made it, as they are called.
CREATE TABLE api_token (
    id                TEXT NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL CHECK (name <> ''),
    token_sha256      TEXT NOT NULL CHECK (length(token_sha256) = 64),
    scopes            TEXT NOT NULL CHECK (scopes <> ''),
    organization_id   TEXT REFERENCES organization (id),
    created_by        TEXT NOT NULL CHECK (created_by <> ''),
    created_by_person TEXT REFERENCES person (id),
    created_at        BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    last_used_at      BIGINT,
    revoked_at        BIGINT,
    CHECK (expires_at > created_at)
);
CREATE UNIQUE INDEX api_token_secret ON api_token (token_sha256);
CREATE UNIQUE INDEX api_token_name ON api_token (name) WHERE revoked_at IS NULL;
CREATE INDEX api_token_organization ON api_token (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX api_token_person ON api_token (created_by_person) WHERE created_by_person IS NOT NULL;

-- A write that a program may send again without it being done twice. status is NULL while the first
-- one is being answered; head holds the headers that belong to the answer, as JSON.
CREATE TABLE idempotency_key (
    token_id       TEXT NOT NULL REFERENCES api_token (id),
    key            TEXT NOT NULL CHECK (key <> ''),
    request_sha256 TEXT NOT NULL CHECK (length(request_sha256) = 64),
    created_at     BIGINT NOT NULL,
    status         BIGINT CHECK (status BETWEEN 200 AND 499),
    head           TEXT,
    body           TEXT,
    PRIMARY KEY (token_id, key),
    CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (head IS NULL))
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
