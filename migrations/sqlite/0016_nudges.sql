-- Nudges as they go from a draft to what became of them. SQLite cannot change a CHECK: the table is
-- made anew. text is what is or was sent, drafted_text what the rule wrote, text_key which rule it was;
-- reason says why now, why says why it stands where it stands. sent_at is when it was handed over, from
-- the intent on: what is in doubt counts as sent. outcome is whether the gap moved within seven days.
CREATE TABLE nudge_anew (
    id                   TEXT NOT NULL PRIMARY KEY,
    organization_id      TEXT NOT NULL REFERENCES organization (id),
    gap_id               TEXT REFERENCES gap (id),
    consultant_person_id TEXT NOT NULL REFERENCES person (id),
    recipient_person_id  TEXT REFERENCES person (id),
    text                 TEXT NOT NULL CHECK (text <> ''),
    state                TEXT NOT NULL DEFAULT 'drafted'
                             CHECK (state IN ('drafted', 'held_back', 'approved', 'handing_over', 'sent', 'answered',
                             'uncertain', 'refused', 'expired', 'skipped')),
    created_at           INTEGER NOT NULL,
    sent_at              INTEGER,
    recipient_kind       TEXT CHECK (recipient_kind IN ('owner', 'sponsor')),
    iso_week             TEXT CHECK (iso_week LIKE '____-W__'),
    send_from            INTEGER,
    expires_at           INTEGER,
    drafted_text         TEXT,
    text_key             TEXT,
    reason               TEXT,
    why                  TEXT,
    decided_at           INTEGER,
    decided_by           TEXT REFERENCES person (id),
    message_id           TEXT,
    answered_at          INTEGER,
    outcome              TEXT CHECK (outcome IN ('moved', 'still')),
    CHECK (state NOT IN ('handing_over', 'sent', 'answered', 'uncertain') OR sent_at IS NOT NULL),
    CHECK (state = 'held_back' OR recipient_person_id IS NOT NULL)
) STRICT;
INSERT INTO nudge_anew (id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, created_at, sent_at)
    SELECT id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, created_at, sent_at FROM nudge;
DROP TABLE nudge;
ALTER TABLE nudge_anew RENAME TO nudge;
CREATE INDEX nudge_organization ON nudge (organization_id, state);
CREATE INDEX nudge_gap ON nudge (gap_id) WHERE gap_id IS NOT NULL;
CREATE INDEX nudge_consultant ON nudge (consultant_person_id);
CREATE INDEX nudge_recipient ON nudge (recipient_person_id, sent_at) WHERE recipient_person_id IS NOT NULL;
CREATE INDEX nudge_decider ON nudge (decided_by) WHERE decided_by IS NOT NULL;
-- Plain, since SQLite takes a partial index for no list of states.
CREATE INDEX nudge_expiry ON nudge (state, expires_at);
CREATE INDEX nudge_sent ON nudge (state, sent_at);
CREATE INDEX nudge_unsettled ON nudge (state, created_at) WHERE outcome IS NULL;
