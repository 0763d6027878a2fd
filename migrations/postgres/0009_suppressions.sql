-- Addresses that get no mail, by the SHA-256 of the address in lower case, so that it holds after the
-- person was forgotten and before there is one. A row that is over is lifted and stays; one that
-- expires is lifted by the service. subscription.suppressed_reason follows the row that stands.
CREATE TABLE suppression (
    id             TEXT NOT NULL PRIMARY KEY,
    address_sha256 TEXT NOT NULL CHECK (length(address_sha256) = 64),
    person_id      TEXT REFERENCES person (id),
    reason         TEXT NOT NULL CHECK (reason IN ('hard_bounce', 'soft_bounces', 'complaint', 'unsubscribed_all',
                       'operator', 'forgotten')),
    detail         TEXT CHECK (detail <> ''),
    source         TEXT NOT NULL CHECK (source <> ''),
    since          BIGINT NOT NULL,
    expires_at     BIGINT,
    lifted_at      BIGINT,
    lifted_why     TEXT CHECK (lifted_why <> ''),
    CHECK (expires_at IS NULL OR expires_at > since),
    CHECK ((lifted_at IS NULL) = (lifted_why IS NULL))
);
CREATE UNIQUE INDEX suppression_standing ON suppression (address_sha256) WHERE lifted_at IS NULL;
CREATE INDEX suppression_address ON suppression (address_sha256, since);
CREATE INDEX suppression_person ON suppression (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX suppression_expiry ON suppression (expires_at) WHERE lifted_at IS NULL AND expires_at IS NOT NULL;

-- What came back, and what the relay refused for good at once. kind is what it means for the address;
-- delivery_id is NULL where no mark of ours was found; address_sha256 is the address it was sent to;
-- digest is the same for the same message, which counts once. Append-only.
CREATE TABLE bounce (
    id             TEXT NOT NULL PRIMARY KEY,
    received_at    BIGINT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('delivered', 'delayed', 'sender', 'soft', 'hard', 'complaint',
                       'auto_reply', 'unclear')),
    action         TEXT CHECK (action IN ('failed', 'delayed', 'delivered', 'relayed', 'expanded')),
    status         TEXT CHECK (status <> ''),
    delivery_id    TEXT REFERENCES delivery (id),
    address_sha256 TEXT CHECK (length(address_sha256) = 64),
    source         TEXT NOT NULL CHECK (source <> ''),
    detail         TEXT CHECK (detail <> ''),
    digest         TEXT NOT NULL CHECK (digest <> '')
);
CREATE UNIQUE INDEX bounce_digest ON bounce (digest);
CREATE INDEX bounce_delivery ON bounce (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX bounce_received ON bounce (received_at);

CREATE TRIGGER bounce_append_only BEFORE UPDATE OR DELETE ON bounce
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER bounce_no_truncate BEFORE TRUNCATE ON bounce
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
