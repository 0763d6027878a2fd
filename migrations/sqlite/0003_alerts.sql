-- What the operator is told of: one row for each condition, kept when it is over. since is when it
-- began, noticed_at and seen_at when a worker first and last found it, mailed_at when the last mail
-- about it was claimed.
CREATE TABLE alert (
    key         TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    kind        TEXT NOT NULL CHECK (kind <> ''),
    why         TEXT NOT NULL,
    since       INTEGER NOT NULL,
    noticed_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    mailed_at   INTEGER,
    mails       INTEGER NOT NULL DEFAULT 0 CHECK (mails >= 0),
    resolved_at INTEGER
) STRICT;
CREATE INDEX alert_active ON alert (kind) WHERE resolved_at IS NULL;
