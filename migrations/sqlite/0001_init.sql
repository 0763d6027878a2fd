-- The first schema, for SQLite. Its twin for PostgreSQL has the same tables, columns and constraints;
-- a test compares them. Instants are milliseconds since 1970 UTC, civil dates ISO 8601 text in the
-- organization's zone, ids UUIDv7 text, money minor units, scores thousandths of a point.

-- Imports. A batch is one file in one transaction; it is undone by voiding, never by deleting.

CREATE TABLE import_batch (
    id            TEXT NOT NULL PRIMARY KEY,
    started_at    INTEGER NOT NULL,
    finished_at   INTEGER,
    path          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    rows_read     INTEGER NOT NULL DEFAULT 0 CHECK (rows_read >= 0),
    rows_written  INTEGER NOT NULL DEFAULT 0 CHECK (rows_written >= 0),
    rows_rejected INTEGER NOT NULL DEFAULT 0 CHECK (rows_rejected >= 0),
    voided_at     INTEGER,
    voided_why    TEXT,
    CHECK (voided_why IS NULL OR voided_at IS NOT NULL)
) STRICT;
CREATE INDEX import_batch_started ON import_batch (started_at);
CREATE INDEX import_batch_voided ON import_batch (id) WHERE voided_at IS NOT NULL;

-- What an import changed in a row that can change, so that voiding can put it back. Append-only.
CREATE TABLE import_revision (
    batch_id    TEXT NOT NULL REFERENCES import_batch (id),
    table_name  TEXT NOT NULL,
    row_id      TEXT NOT NULL,
    before_json TEXT NOT NULL,
    after_json  TEXT NOT NULL,
    PRIMARY KEY (batch_id, table_name, row_id)
) STRICT;
CREATE INDEX import_revision_row ON import_revision (table_name, row_id);

-- Organizations and what they get ready for.

CREATE TABLE organization (
    id                         TEXT NOT NULL PRIMARY KEY,
    external_id                TEXT,
    slug                       TEXT NOT NULL CHECK (slug <> ''),
    name                       TEXT NOT NULL CHECK (name <> ''),
    currency                   TEXT NOT NULL CHECK (length(currency) = 3 AND currency = upper(currency)),
    time_zone                  TEXT NOT NULL CHECK (time_zone <> ''),
    cut_off_weekday            INTEGER NOT NULL DEFAULT 1 CHECK (cut_off_weekday BETWEEN 1 AND 7),
    cut_off_hour               INTEGER NOT NULL DEFAULT 6 CHECK (cut_off_hour BETWEEN 0 AND 23),
    billed_per_week            INTEGER CHECK (billed_per_week >= 0),
    loaded_rate_minor_per_hour INTEGER CHECK (loaded_rate_minor_per_hour >= 0),
    cost_of_capital_bp         INTEGER CHECK (cost_of_capital_bp >= 0),
    review                     TEXT NOT NULL DEFAULT 'none' CHECK (review IN ('none', 'hold', 'required')),
    review_hours               INTEGER CHECK (review_hours BETWEEN 1 AND 168),
    money_in_subject           INTEGER NOT NULL DEFAULT 0 CHECK (money_in_subject IN (0, 1)),
    status                     TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    next_due_at                INTEGER,
    created_at                 INTEGER NOT NULL,
    batch_id                   TEXT REFERENCES import_batch (id),
    voided_at                  INTEGER,
    CHECK ((review = 'hold') = (review_hours IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX organization_external ON organization (external_id) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX organization_slug ON organization (slug) WHERE voided_at IS NULL;
CREATE INDEX organization_due ON organization (next_due_at) WHERE voided_at IS NULL;
CREATE INDEX organization_batch ON organization (batch_id) WHERE batch_id IS NOT NULL;

-- Its dates and its status are not here: they are the fold of implementation_event.
CREATE TABLE implementation (
    id               TEXT NOT NULL PRIMARY KEY,
    external_id      TEXT,
    organization_id  TEXT NOT NULL REFERENCES organization (id),
    slug             TEXT NOT NULL CHECK (slug <> ''),
    name             TEXT NOT NULL CHECK (name <> ''),
    kind             TEXT NOT NULL CHECK (kind IN ('erp', 'close', 'billing', 'automation', 'offshoring', 'ai', 'other')),
    target_milli     INTEGER NOT NULL DEFAULT 85000 CHECK (target_milli BETWEEN 0 AND 100000),
    benefit_per_week INTEGER CHECK (benefit_per_week >= 0),
    mandated_on      TEXT CHECK (mandated_on LIKE '____-__-__'),
    created_at       INTEGER NOT NULL,
    batch_id         TEXT REFERENCES import_batch (id),
    voided_at        INTEGER
) STRICT;
CREATE UNIQUE INDEX implementation_external ON implementation (external_id) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX implementation_slug ON implementation (organization_id, slug) WHERE voided_at IS NULL;
CREATE INDEX implementation_organization ON implementation (organization_id);
CREATE INDEX implementation_batch ON implementation (batch_id) WHERE batch_id IS NOT NULL;

-- Append-only. Initial values are events from NULL.
CREATE TABLE implementation_event (
    id                TEXT NOT NULL PRIMARY KEY,
    implementation_id TEXT NOT NULL REFERENCES implementation (id),
    field             TEXT NOT NULL CHECK (field IN ('go_live_on', 'configuration_starts_on', 'status')),
    from_value        TEXT,
    to_value          TEXT,
    effective_on      TEXT NOT NULL CHECK (effective_on LIKE '____-__-__'),
    recorded_at       INTEGER NOT NULL,
    actor             TEXT,
    batch_id          TEXT REFERENCES import_batch (id),
    CHECK (field = 'status' OR to_value IS NULL OR to_value LIKE '____-__-__'),
    CHECK (field <> 'status' OR (to_value IS NOT NULL AND to_value IN ('planned', 'preparing', 'live', 'cancelled')))
) STRICT;
CREATE INDEX implementation_event_history ON implementation_event (implementation_id, recorded_at);
CREATE INDEX implementation_event_batch ON implementation_event (batch_id) WHERE batch_id IS NOT NULL;

-- The scope: how much the platform leans on each area.
CREATE TABLE implementation_area (
    id                TEXT NOT NULL PRIMARY KEY,
    implementation_id TEXT NOT NULL REFERENCES implementation (id),
    area              TEXT NOT NULL CHECK (area IN ('billing', 'collections', 'payables', 'procurement', 'payroll', 'close',
                          'planning', 'treasury', 'compliance', 'people', 'onboarding', 'master_data')),
    weight            INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 5),
    batch_id          TEXT REFERENCES import_batch (id),
    voided_at         INTEGER
) STRICT;
CREATE UNIQUE INDEX implementation_area_live ON implementation_area (implementation_id, area) WHERE voided_at IS NULL;
CREATE INDEX implementation_area_implementation ON implementation_area (implementation_id);
CREATE INDEX implementation_area_batch ON implementation_area (batch_id) WHERE batch_id IS NOT NULL;

-- People. The only table that holds addresses: forgetting someone erases one row.

CREATE TABLE person (
    id              TEXT NOT NULL PRIMARY KEY,
    email           TEXT CHECK (email <> ''),
    email_canonical TEXT CHECK (email_canonical <> ''),
    name            TEXT NOT NULL DEFAULT '',
    time_zone       TEXT,
    locale          TEXT NOT NULL DEFAULT 'en',
    created_at      INTEGER NOT NULL,
    forgotten_at    INTEGER,
    CHECK ((email IS NULL) = (email_canonical IS NULL)),
    CHECK (forgotten_at IS NULL OR (email IS NULL AND name = ''))
) STRICT;
CREATE UNIQUE INDEX person_email ON person (email);
CREATE UNIQUE INDEX person_email_canonical ON person (email_canonical);

-- Gaps.

-- Its severity, status, owner, due date and next step are not here: they are the fold of gap_event.
CREATE TABLE gap (
    id                TEXT NOT NULL PRIMARY KEY,
    external_id       TEXT NOT NULL CHECK (external_id <> ''),
    organization_id   TEXT NOT NULL REFERENCES organization (id),
    implementation_id TEXT REFERENCES implementation (id),
    area              TEXT NOT NULL CHECK (area IN ('billing', 'collections', 'payables', 'procurement', 'payroll', 'close',
                          'planning', 'treasury', 'compliance', 'people', 'onboarding', 'master_data')),
    category          TEXT NOT NULL CHECK (category IN ('undocumented', 'no_source', 'approval_memory', 'owner_habit', 'report_mismatch')),
    leak_zone         TEXT NOT NULL CHECK (leak_zone IN ('finance', 'process', 'tools', 'customers', 'people')),
    title             TEXT NOT NULL CHECK (title <> ''),
    short_name        TEXT CHECK (short_name <> ''),
    description       TEXT NOT NULL DEFAULT '',
    exposure_group    TEXT CHECK (exposure_group <> ''),
    existed_since     TEXT CHECK (existed_since LIKE '____-__-__'),
    opened_on         TEXT NOT NULL CHECK (opened_on LIKE '____-__-__'),
    verifier          TEXT,
    evidence          TEXT,
    created_at        INTEGER NOT NULL,
    batch_id          TEXT REFERENCES import_batch (id),
    voided_at         INTEGER
) STRICT;
CREATE UNIQUE INDEX gap_external ON gap (external_id) WHERE voided_at IS NULL;
CREATE INDEX gap_organization ON gap (organization_id);
CREATE INDEX gap_implementation ON gap (implementation_id) WHERE implementation_id IS NOT NULL;
CREATE INDEX gap_batch ON gap (batch_id) WHERE batch_id IS NOT NULL;

-- Append-only. Initial values are events from NULL, recorded with the `opened` event. For kind
-- `owner`, to_value is a name and person_id the person, where one is known.
CREATE TABLE gap_event (
    id           TEXT NOT NULL PRIMARY KEY,
    gap_id       TEXT NOT NULL REFERENCES gap (id),
    external_id  TEXT CHECK (external_id <> ''),
    kind         TEXT NOT NULL CHECK (kind IN ('opened', 'status', 'reopened', 'severity', 'owner', 'due_on',
                     'next_step', 'exposure', 'evidence', 'withdraw_confirmed', 'confirmed', 'note')),
    from_value   TEXT,
    to_value     TEXT,
    effective_on TEXT NOT NULL CHECK (effective_on LIKE '____-__-__'),
    recorded_at  INTEGER NOT NULL,
    actor        TEXT,
    note         TEXT,
    evidence_url TEXT,
    person_id    TEXT REFERENCES person (id),
    batch_id     TEXT REFERENCES import_batch (id),
    CHECK (kind <> 'severity' OR (to_value IS NOT NULL AND to_value IN ('1', '2', '3', '4'))),
    CHECK (kind <> 'status' OR to_value IS NOT NULL),
    CHECK (kind <> 'due_on' OR to_value IS NULL OR to_value LIKE '____-__-__')
) STRICT;
CREATE INDEX gap_event_history ON gap_event (gap_id, recorded_at);
CREATE INDEX gap_event_external ON gap_event (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX gap_event_person ON gap_event (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX gap_event_batch ON gap_event (batch_id) WHERE batch_id IS NOT NULL;

-- Append-only: one row for each re-estimate. Minor units a week.
CREATE TABLE exposure (
    id           TEXT NOT NULL PRIMARY KEY,
    gap_id       TEXT NOT NULL REFERENCES gap (id),
    kind         TEXT NOT NULL CHECK (kind IN ('rework', 'error', 'leakage', 'late_cash', 'event', 'direct', 'unpriced')),
    inputs       TEXT NOT NULL DEFAULT '{}',
    low          INTEGER NOT NULL CHECK (low >= 0),
    likely       INTEGER NOT NULL,
    high         INTEGER NOT NULL,
    basis        TEXT NOT NULL CHECK (basis IN ('measured', 'estimated', 'benchmark')),
    source_note  TEXT,
    effective_on TEXT NOT NULL CHECK (effective_on LIKE '____-__-__'),
    recorded_at  INTEGER NOT NULL,
    batch_id     TEXT REFERENCES import_batch (id),
    CHECK (low <= likely AND likely <= high),
    CHECK (kind <> 'unpriced' OR high = 0)
) STRICT;
CREATE INDEX exposure_history ON exposure (gap_id, recorded_at);
CREATE INDEX exposure_batch ON exposure (batch_id) WHERE batch_id IS NOT NULL;

-- Assessments: who looked at which cell when. Append-only. A level may be missing where all that
-- is known is that the question was looked at.

CREATE TABLE assessment (
    id                TEXT NOT NULL PRIMARY KEY,
    implementation_id TEXT NOT NULL REFERENCES implementation (id),
    held_on           TEXT NOT NULL CHECK (held_on LIKE '____-__-__'),
    assessor          TEXT,
    recorded_at       INTEGER NOT NULL,
    batch_id          TEXT REFERENCES import_batch (id)
) STRICT;
CREATE INDEX assessment_history ON assessment (implementation_id, recorded_at);
CREATE INDEX assessment_batch ON assessment (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE assessment_answer (
    assessment_id TEXT NOT NULL REFERENCES assessment (id),
    area          TEXT NOT NULL CHECK (area IN ('billing', 'collections', 'payables', 'procurement', 'payroll', 'close',
                          'planning', 'treasury', 'compliance', 'people', 'onboarding', 'master_data')),
    category      TEXT NOT NULL CHECK (category IN ('undocumented', 'no_source', 'approval_memory', 'owner_habit', 'report_mismatch')),
    level         INTEGER CHECK (level BETWEEN 0 AND 5),
    note          TEXT,
    gap_id        TEXT REFERENCES gap (id),
    PRIMARY KEY (assessment_id, area, category)
) STRICT;
CREATE INDEX assessment_answer_gap ON assessment_answer (gap_id) WHERE gap_id IS NOT NULL;

-- Who gets what.

-- weekday (Monday = 1) and hour are the subscriber's own slot; a consultant without one gets the
-- portfolio 24 hours before the clients' cut-offs. The pause runs from the first day up to, not
-- including, the day it ends. next_due_at plans what has no organization: a consultant's portfolio.
CREATE TABLE subscription (
    id                TEXT NOT NULL PRIMARY KEY,
    person_id         TEXT NOT NULL REFERENCES person (id),
    organization_id   TEXT REFERENCES organization (id),
    role              TEXT NOT NULL CHECK (role IN ('leader', 'owner', 'reader', 'consultant', 'public')),
    weekday           INTEGER CHECK (weekday BETWEEN 1 AND 7),
    hour              INTEGER CHECK (hour BETWEEN 0 AND 23),
    quiet             TEXT NOT NULL DEFAULT 'full' CHECK (quiet IN ('full', 'line', 'skip')),
    pause_from        TEXT CHECK (pause_from LIKE '____-__-__'),
    pause_until       TEXT CHECK (pause_until LIKE '____-__-__'),
    confirmed_at      INTEGER,
    unsubscribed_at   INTEGER,
    ended_at          INTEGER,
    suppressed_reason TEXT CHECK (suppressed_reason <> ''),
    next_due_at       INTEGER,
    created_at        INTEGER NOT NULL,
    batch_id          TEXT REFERENCES import_batch (id),
    voided_at         INTEGER,
    CHECK ((role IN ('leader', 'owner', 'reader')) = (organization_id IS NOT NULL)),
    CHECK ((weekday IS NULL) = (hour IS NULL)),
    CHECK (weekday IS NOT NULL OR role = 'consultant'),
    CHECK (pause_until IS NULL OR pause_from IS NULL OR pause_from <= pause_until)
) STRICT;
CREATE UNIQUE INDEX subscription_live ON subscription (person_id, organization_id, role)
    WHERE organization_id IS NOT NULL AND ended_at IS NULL AND voided_at IS NULL;
CREATE UNIQUE INDEX subscription_live_own ON subscription (person_id, role)
    WHERE organization_id IS NULL AND ended_at IS NULL AND voided_at IS NULL;
CREATE INDEX subscription_person ON subscription (person_id);
CREATE INDEX subscription_organization ON subscription (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX subscription_role ON subscription (role, next_due_at) WHERE organization_id IS NULL;
CREATE INDEX subscription_batch ON subscription (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE consultant_client (
    id              TEXT NOT NULL PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES person (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    since           INTEGER NOT NULL,
    until           INTEGER,
    batch_id        TEXT REFERENCES import_batch (id),
    voided_at       INTEGER,
    CHECK (until IS NULL OR until >= since)
) STRICT;
CREATE UNIQUE INDEX consultant_client_live ON consultant_client (person_id, organization_id)
    WHERE until IS NULL AND voided_at IS NULL;
CREATE INDEX consultant_client_person ON consultant_client (person_id);
CREATE INDEX consultant_client_organization ON consultant_client (organization_id);
CREATE INDEX consultant_client_batch ON consultant_client (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE session (
    id                   TEXT NOT NULL PRIMARY KEY,
    organization_id      TEXT NOT NULL REFERENCES organization (id),
    consultant_person_id TEXT NOT NULL REFERENCES person (id),
    starts_at            INTEGER NOT NULL,
    notes                TEXT NOT NULL DEFAULT '',
    created_at           INTEGER NOT NULL,
    batch_id             TEXT REFERENCES import_batch (id),
    voided_at            INTEGER
) STRICT;
CREATE INDEX session_organization ON session (organization_id, starts_at);
CREATE INDEX session_consultant ON session (consultant_person_id, starts_at);
CREATE INDEX session_batch ON session (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE promise (
    id         TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id),
    text       TEXT NOT NULL CHECK (text <> ''),
    owner      TEXT NOT NULL DEFAULT '',
    due_on     TEXT CHECK (due_on LIKE '____-__-__'),
    done       INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    created_at INTEGER NOT NULL,
    batch_id   TEXT REFERENCES import_batch (id),
    voided_at  INTEGER
) STRICT;
CREATE INDEX promise_session ON promise (session_id);
CREATE INDEX promise_batch ON promise (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE nudge (
    id                   TEXT NOT NULL PRIMARY KEY,
    organization_id      TEXT NOT NULL REFERENCES organization (id),
    gap_id               TEXT REFERENCES gap (id),
    consultant_person_id TEXT NOT NULL REFERENCES person (id),
    recipient_person_id  TEXT NOT NULL REFERENCES person (id),
    text                 TEXT NOT NULL CHECK (text <> ''),
    state                TEXT NOT NULL DEFAULT 'drafted'
                             CHECK (state IN ('drafted', 'approved', 'sent', 'answered', 'expired', 'skipped')),
    created_at           INTEGER NOT NULL,
    sent_at              INTEGER,
    CHECK (state NOT IN ('sent', 'answered') OR sent_at IS NOT NULL)
) STRICT;
CREATE INDEX nudge_organization ON nudge (organization_id);
CREATE INDEX nudge_gap ON nudge (gap_id) WHERE gap_id IS NOT NULL;
CREATE INDEX nudge_consultant ON nudge (consultant_person_id);
CREATE INDEX nudge_recipient ON nudge (recipient_person_id, created_at);

-- What was said.

-- scope_id is an organization, a person (the consultant), or 'public'. The mould is the whole
-- message with slots for what is the recipient's own. Pruning takes the bodies, never the row.
CREATE TABLE edition (
    id                  TEXT NOT NULL PRIMARY KEY,
    scope_kind          TEXT NOT NULL CHECK (scope_kind IN ('organization', 'consultant', 'public')),
    scope_id            TEXT NOT NULL,
    iso_week            TEXT NOT NULL CHECK (iso_week LIKE '____-W__'),
    kind                TEXT NOT NULL CHECK (kind IN ('leader', 'owner', 'portfolio', 'public', 'correction')),
    variant             TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('draft', 'held', 'frozen', 'skipped', 'cancelled', 'expired')),
    cut_off_at          INTEGER NOT NULL,
    as_of               TEXT NOT NULL CHECK (as_of LIKE '____-__-__'),
    facts               TEXT,
    subject             TEXT,
    preheader           TEXT,
    body_text           TEXT,
    body_html           TEXT,
    mould               BLOB,
    template_version    TEXT,
    insight_id          TEXT,
    reason              TEXT,
    created_at          INTEGER NOT NULL,
    approved_at         INTEGER,
    approved_by         TEXT,
    frozen_at           INTEGER,
    pruned_at           INTEGER,
    corrects_edition_id TEXT REFERENCES edition (id),
    UNIQUE (scope_kind, scope_id, iso_week, kind, variant),
    CHECK (scope_kind <> 'public' OR scope_id = 'public'),
    CHECK (state <> 'frozen' OR (frozen_at IS NOT NULL AND facts IS NOT NULL AND subject IS NOT NULL)),
    CHECK (state <> 'frozen' OR pruned_at IS NOT NULL
           OR (body_text IS NOT NULL AND body_html IS NOT NULL AND mould IS NOT NULL)),
    CHECK ((kind = 'correction') = (corrects_edition_id IS NOT NULL)),
    CHECK (approved_by IS NULL OR approved_at IS NOT NULL)
) STRICT;
CREATE INDEX edition_week ON edition (iso_week, state);
CREATE INDEX edition_previous ON edition (scope_kind, scope_id, cut_off_at);
CREATE INDEX edition_insight ON edition (scope_kind, scope_id, insight_id) WHERE insight_id IS NOT NULL;
CREATE INDEX edition_corrects ON edition (corrects_edition_id) WHERE corrects_edition_id IS NOT NULL;
CREATE INDEX edition_held ON edition (cut_off_at) WHERE state = 'held';

-- The consultant's words for a week. Append-only; the latest wins, an empty one takes it back.
CREATE TABLE edition_note (
    id          TEXT NOT NULL PRIMARY KEY,
    scope_kind  TEXT NOT NULL CHECK (scope_kind IN ('organization', 'consultant', 'public')),
    scope_id    TEXT NOT NULL,
    iso_week    TEXT NOT NULL CHECK (iso_week LIKE '____-W__'),
    note        TEXT NOT NULL,
    author      TEXT NOT NULL CHECK (author <> ''),
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX edition_note_week ON edition_note (scope_kind, scope_id, iso_week, recorded_at);

-- Append-only; the latest wins.
CREATE TABLE review_decision (
    id         TEXT NOT NULL PRIMARY KEY,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('organization', 'consultant', 'public')),
    scope_id   TEXT NOT NULL,
    iso_week   TEXT NOT NULL CHECK (iso_week LIKE '____-W__'),
    decision   TEXT NOT NULL CHECK (decision IN ('approve', 'skip', 'cancel')),
    actor      TEXT NOT NULL CHECK (actor <> ''),
    reason     TEXT,
    decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX review_decision_week ON review_decision (scope_kind, scope_id, iso_week, decided_at);

-- The outbox. At most one brief and one correction for each subscription and week, by the unique
-- key alone. next_attempt_at is when it is due: send_at at first, later what the backoff says.
CREATE TABLE delivery (
    id              TEXT NOT NULL PRIMARY KEY,
    edition_id      TEXT REFERENCES edition (id),
    subscription_id TEXT NOT NULL REFERENCES subscription (id),
    iso_week        TEXT NOT NULL CHECK (iso_week LIKE '____-W__'),
    kind            TEXT NOT NULL CHECK (kind IN ('brief', 'correction')),
    state           TEXT NOT NULL CHECK (state IN ('held', 'queued', 'handing_over', 'sent', 'failed',
                        'uncertain', 'skipped', 'expired', 'cancelled')),
    reason          TEXT CHECK (reason <> ''),
    send_at         INTEGER NOT NULL,
    expires_at      INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at INTEGER,
    lease_until     INTEGER,
    lease_token     TEXT,
    message_id      TEXT,
    handed_over_at  INTEGER,
    finished_at     INTEGER,
    resends         INTEGER NOT NULL DEFAULT 0 CHECK (resends >= 0),
    created_at      INTEGER NOT NULL,
    UNIQUE (subscription_id, iso_week, kind),
    CHECK (state NOT IN ('queued', 'handing_over', 'sent', 'uncertain')
           OR (edition_id IS NOT NULL AND message_id IS NOT NULL)),
    CHECK (state <> 'queued' OR next_attempt_at IS NOT NULL),
    CHECK ((lease_until IS NULL) = (lease_token IS NULL)),
    CHECK (state <> 'sent' OR handed_over_at IS NOT NULL),
    CHECK (state NOT IN ('sent', 'failed', 'skipped', 'expired', 'cancelled') OR finished_at IS NOT NULL),
    CHECK (state NOT IN ('held', 'queued', 'handing_over') OR finished_at IS NULL),
    CHECK (state NOT IN ('failed', 'skipped', 'cancelled') OR reason IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX delivery_message ON delivery (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX delivery_edition ON delivery (edition_id) WHERE edition_id IS NOT NULL;
CREATE INDEX delivery_week ON delivery (iso_week);
CREATE INDEX delivery_due ON delivery (next_attempt_at, id) WHERE state = 'queued';
CREATE INDEX delivery_in_flight ON delivery (lease_until) WHERE state IN ('handing_over', 'uncertain');
CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state IN ('queued', 'held', 'uncertain');

-- Append-only: written in the transaction that records the outcome.
CREATE TABLE delivery_attempt (
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome <> ''),
    stage       TEXT,
    code        INTEGER,
    enhanced    TEXT,
    reply       TEXT,
    relay       TEXT,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

-- The proof.

CREATE TABLE run (
    iso_week        TEXT NOT NULL PRIMARY KEY CHECK (iso_week LIKE '____-W__'),
    opened_at       INTEGER NOT NULL,
    closed_at       INTEGER,
    last_checked_at INTEGER,
    expected        INTEGER NOT NULL DEFAULT 0 CHECK (expected >= 0),
    counts          TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- The score as it was mailed stays; what is known now about that day is restated each week.
CREATE TABLE weekly_point (
    implementation_id TEXT NOT NULL REFERENCES implementation (id),
    as_of             TEXT NOT NULL CHECK (as_of LIKE '____-__-__'),
    score_reported    INTEGER CHECK (score_reported BETWEEN 0 AND 100000),
    score_restated    INTEGER CHECK (score_restated BETWEEN 0 AND 100000),
    load_restated     INTEGER CHECK (load_restated >= 0),
    coverage_bp       INTEGER CHECK (coverage_bp BETWEEN 0 AND 10000),
    edition_id        TEXT REFERENCES edition (id),
    PRIMARY KEY (implementation_id, as_of)
) STRICT, WITHOUT ROWID;
CREATE INDEX weekly_point_edition ON weekly_point (edition_id) WHERE edition_id IS NOT NULL;

CREATE TABLE setting (
    key        TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    value      TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Histories refuse to be rewritten.

CREATE TRIGGER import_revision_no_update BEFORE UPDATE ON import_revision
BEGIN SELECT RAISE(ABORT, 'import_revision is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER import_revision_no_delete BEFORE DELETE ON import_revision
BEGIN SELECT RAISE(ABORT, 'import_revision is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER implementation_event_no_update BEFORE UPDATE ON implementation_event
BEGIN SELECT RAISE(ABORT, 'implementation_event is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER implementation_event_no_delete BEFORE DELETE ON implementation_event
BEGIN SELECT RAISE(ABORT, 'implementation_event is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER gap_event_no_update BEFORE UPDATE ON gap_event
BEGIN SELECT RAISE(ABORT, 'gap_event is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER gap_event_no_delete BEFORE DELETE ON gap_event
BEGIN SELECT RAISE(ABORT, 'gap_event is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER exposure_no_update BEFORE UPDATE ON exposure
BEGIN SELECT RAISE(ABORT, 'exposure is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER exposure_no_delete BEFORE DELETE ON exposure
BEGIN SELECT RAISE(ABORT, 'exposure is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment
BEGIN SELECT RAISE(ABORT, 'assessment is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment
BEGIN SELECT RAISE(ABORT, 'assessment is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER assessment_answer_no_update BEFORE UPDATE ON assessment_answer
BEGIN SELECT RAISE(ABORT, 'assessment_answer is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER assessment_answer_no_delete BEFORE DELETE ON assessment_answer
BEGIN SELECT RAISE(ABORT, 'assessment_answer is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER edition_note_no_update BEFORE UPDATE ON edition_note
BEGIN SELECT RAISE(ABORT, 'edition_note is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER edition_note_no_delete BEFORE DELETE ON edition_note
BEGIN SELECT RAISE(ABORT, 'edition_note is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER review_decision_no_update BEFORE UPDATE ON review_decision
BEGIN SELECT RAISE(ABORT, 'review_decision is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER review_decision_no_delete BEFORE DELETE ON review_decision
BEGIN SELECT RAISE(ABORT, 'review_decision is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER delivery_attempt_no_update BEFORE UPDATE ON delivery_attempt
BEGIN SELECT RAISE(ABORT, 'delivery_attempt is append-only: record a new row, or void the import it came from'); END;
CREATE TRIGGER delivery_attempt_no_delete BEFORE DELETE ON delivery_attempt
BEGIN SELECT RAISE(ABORT, 'delivery_attempt is append-only: record a new row, or void the import it came from'); END;

CREATE TRIGGER weekly_point_reported BEFORE UPDATE OF score_reported ON weekly_point
WHEN OLD.score_reported IS NOT NULL AND NEW.score_reported IS NOT OLD.score_reported
BEGIN SELECT RAISE(ABORT, 'a score that was mailed does not change: restate it in score_restated'); END;
CREATE TRIGGER weekly_point_no_delete BEFORE DELETE ON weekly_point
BEGIN SELECT RAISE(ABORT, 'a weekly point is not deleted: it is what was mailed'); END;

CREATE TRIGGER organization_currency BEFORE UPDATE OF currency ON organization
WHEN NEW.currency <> OLD.currency AND EXISTS (
    SELECT 1 FROM exposure e JOIN gap g ON g.id = e.gap_id
    WHERE g.organization_id = OLD.id AND g.voided_at IS NULL AND e.kind <> 'unpriced'
      AND (e.batch_id IS NULL OR e.batch_id NOT IN (SELECT id FROM import_batch WHERE voided_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'the currency is fixed: a gap of this organization is already priced'); END;

-- What was frozen is what the web copy and every delivery show. Only pruning may take a body away.
CREATE TRIGGER edition_frozen BEFORE UPDATE ON edition
WHEN OLD.frozen_at IS NOT NULL AND (
    NEW.frozen_at IS NOT OLD.frozen_at OR NEW.facts IS NOT OLD.facts OR NEW.subject IS NOT OLD.subject
    OR NEW.preheader IS NOT OLD.preheader OR NEW.cut_off_at <> OLD.cut_off_at
    OR NEW.insight_id IS NOT OLD.insight_id
    OR (NEW.body_text IS NOT NULL AND NEW.body_text IS NOT OLD.body_text)
    OR (NEW.body_html IS NOT NULL AND NEW.body_html IS NOT OLD.body_html)
    OR (NEW.mould IS NOT NULL AND NEW.mould IS NOT OLD.mould))
BEGIN SELECT RAISE(ABORT, 'a frozen edition does not change: send a correction'); END;
