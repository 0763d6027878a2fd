-- Files that people upload to import them, kept for a day between the steps, and what stays of them.

-- One upload: the files of one command, and the map by which they are read, as the text of a map file.
-- It belongs to whoever sent it. With an organization its rows may touch that one alone. changed_at
-- tells of an upload that is being applied whether that was given up; report is what came of it, as JSON.
CREATE TABLE upload (
    id              TEXT NOT NULL PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES person (id),
    organization_id TEXT REFERENCES organization (id),
    map             TEXT NOT NULL,
    is_strict       BIGINT NOT NULL DEFAULT 0 CHECK (is_strict IN (0, 1)),
    state           TEXT NOT NULL CHECK (state IN ('open', 'applying', 'applied')),
    report          TEXT,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    CHECK (expires_at > created_at)
);
CREATE INDEX upload_person ON upload (person_id);
CREATE INDEX upload_organization ON upload (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX upload_expiry ON upload (expires_at);

-- Its files as they came.
CREATE TABLE upload_file (
    upload_id TEXT NOT NULL REFERENCES upload (id),
    number    BIGINT NOT NULL CHECK (number >= 0),
    name      TEXT NOT NULL CHECK (name <> ''),
    size      BIGINT NOT NULL CHECK (size >= 0),
    bytes     BYTEA NOT NULL,
    PRIMARY KEY (upload_id, number)
);

-- The last map by which a kind of file was imported: for an organization, or by the operator for all.
CREATE TABLE import_map (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT REFERENCES organization (id),
    kind            TEXT NOT NULL CHECK (kind <> ''),
    map             TEXT NOT NULL,
    person_id       TEXT NOT NULL REFERENCES person (id),
    saved_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX import_map_own ON import_map (organization_id, kind) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX import_map_all ON import_map (kind) WHERE organization_id IS NULL;
CREATE INDEX import_map_person ON import_map (person_id);

-- Which imports came by an upload, whose, and for which organization alone. It outlives the upload.
CREATE TABLE import_upload (
    batch_id        TEXT NOT NULL PRIMARY KEY REFERENCES import_batch (id),
    person_id       TEXT NOT NULL REFERENCES person (id),
    organization_id TEXT REFERENCES organization (id),
    uploaded_at     BIGINT NOT NULL
);
CREATE INDEX import_upload_person ON import_upload (person_id);
CREATE INDEX import_upload_organization ON import_upload (organization_id) WHERE organization_id IS NOT NULL;
