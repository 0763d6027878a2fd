-- Who agreed to what, when, how and in which words, and who took it back: what a sender must be able to
-- show. Append-only. A row has requested_at where somebody asked or was invited, confirmed_at where they
-- agreed, withdrawn_at where they left; form and text_version name the words that were shown.
CREATE TABLE consent_event (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('requested', 'confirmed', 'withdrawn')),
    address_hash    TEXT CHECK (address_hash <> ''),
    person_id       TEXT NOT NULL REFERENCES person (id),
    subscription_id TEXT NOT NULL REFERENCES subscription (id),
    organization_id TEXT REFERENCES organization (id),
    list            TEXT NOT NULL CHECK (list IN ('leader', 'owner', 'reader', 'consultant', 'public')),
    channel         TEXT NOT NULL CHECK (channel IN ('form', 'api', 'invitation', 'page', 'one-click', 'mailto',
                        'complaint', 'bounce', 'operator')),
    form            TEXT CHECK (form <> ''),
    text_version    TEXT CHECK (text_version <> ''),
    client_ip       TEXT CHECK (client_ip <> ''),
    requested_at    INTEGER,
    confirmed_at    INTEGER,
    withdrawn_at    INTEGER,
    recorded_at     INTEGER NOT NULL,
    CHECK ((kind = 'confirmed') = (confirmed_at IS NOT NULL)),
    CHECK ((kind = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK (kind <> 'requested' OR requested_at IS NOT NULL)
) STRICT;
CREATE INDEX consent_event_person ON consent_event (person_id, recorded_at);
CREATE INDEX consent_event_subscription ON consent_event (subscription_id, recorded_at);
CREATE INDEX consent_event_organization ON consent_event (organization_id) WHERE organization_id IS NOT NULL;

-- A request or an invitation that waits to be confirmed, and the mail that asks for it. The link's token is
-- made when the mail is and kept as a hash only; it works once, until expires_at. What is used, closed
-- or over stays, without a token.
CREATE TABLE confirmation (
    id              TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscription (id),
    kind            TEXT NOT NULL CHECK (kind IN ('request', 'invitation', 'known')),
    channel         TEXT NOT NULL CHECK (channel IN ('form', 'api', 'invitation')),
    form            TEXT NOT NULL CHECK (form <> ''),
    text_version    TEXT NOT NULL CHECK (text_version <> ''),
    client_ip       TEXT CHECK (client_ip <> ''),
    requested_at    INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    token_hash      TEXT CHECK (token_hash <> ''),
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at INTEGER NOT NULL,
    mailed_at       INTEGER,
    used_at         INTEGER,
    closed_at       INTEGER,
    closed_why      TEXT CHECK (closed_why <> ''),
    CHECK ((closed_at IS NULL) = (closed_why IS NULL))
) STRICT;
CREATE UNIQUE INDEX confirmation_token ON confirmation (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX confirmation_subscription ON confirmation (subscription_id);
CREATE INDEX confirmation_due ON confirmation (next_attempt_at) WHERE mailed_at IS NULL AND closed_at IS NULL;
CREATE INDEX confirmation_waiting ON confirmation (expires_at) WHERE used_at IS NULL AND closed_at IS NULL;

-- How often something was asked for since window_from: one row for each address (hashed) and client.
CREATE TABLE rate_count (
    name        TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    window_from INTEGER NOT NULL,
    count       INTEGER NOT NULL CHECK (count >= 0)
) STRICT;
CREATE INDEX rate_count_old ON rate_count (window_from);

CREATE TRIGGER consent_event_no_update BEFORE UPDATE ON consent_event
BEGIN SELECT RAISE(ABORT, 'consent_event is append-only: record a new row'); END;
CREATE TRIGGER consent_event_no_delete BEFORE DELETE ON consent_event
BEGIN SELECT RAISE(ABORT, 'consent_event is append-only: record a new row'); END;
