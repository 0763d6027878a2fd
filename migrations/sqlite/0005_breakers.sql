-- What delivery leaves alone for a while, a relay or a recipient domain, so that a restart or another
-- worker knows. name is the relay's place without its login, or the domain in lower case; cause is
-- away, refused or policy; failures counts those in a row; open_until is NULL while it is closed. A
-- row changes when a breaker opens, is tried, opens again or closes, and never for a single mail.
CREATE TABLE breaker (
    kind       TEXT NOT NULL CHECK (kind IN ('relay', 'domain')),
    name       TEXT NOT NULL CHECK (name <> ''),
    cause      TEXT NOT NULL CHECK (cause IN ('away', 'refused', 'policy')),
    failures   INTEGER NOT NULL CHECK (failures >= 0),
    opened_at  INTEGER,
    open_until INTEGER,
    changed_at INTEGER NOT NULL,
    why        TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;
CREATE INDEX breaker_open ON breaker (kind, name) WHERE open_until IS NOT NULL;
