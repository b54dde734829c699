-- +goose Up

CREATE TABLE checklists (
    hash    TEXT NOT NULL PRIMARY KEY,
    id      TEXT NOT NULL,
    version TEXT NOT NULL,
    raw     BLOB NOT NULL
) STRICT;

CREATE TABLE rounds (
    id             INTEGER PRIMARY KEY,
    region_id      TEXT    NOT NULL REFERENCES regions (id),
    title          TEXT    NOT NULL,
    checklist_hash TEXT    NOT NULL REFERENCES checklists (hash),
    opens          INTEGER NOT NULL,
    closes         INTEGER NOT NULL CHECK (closes > opens),
    status         TEXT    NOT NULL CHECK (status IN ('planned', 'open', 'closed', 'published')),
    created        INTEGER NOT NULL,
    peer_groups    TEXT    NOT NULL -- JSON; [] until the round opens
) STRICT;
CREATE INDEX rounds_by_region ON rounds (region_id, opens);

CREATE TABLE participants (
    round_id         INTEGER NOT NULL REFERENCES rounds (id),
    ags              TEXT    NOT NULL REFERENCES municipalities (ags),
    population       INTEGER CHECK (population >= 0), -- frozen when the round opens
    consent_total    INTEGER NOT NULL CHECK (consent_total IN (0, 1)),
    consent_sections INTEGER NOT NULL CHECK (consent_sections IN (0, 1)),
    consent_examples INTEGER NOT NULL CHECK (consent_examples IN (0, 1)),
    PRIMARY KEY (round_id, ags)
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_by_ags ON participants (ags);

CREATE TABLE assessments (
    id             INTEGER PRIMARY KEY,
    round_id       INTEGER NOT NULL,
    ags            TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN ('draft', 'submitted')),
    change         INTEGER NOT NULL CHECK (change >= 0),
    submitted_at   INTEGER,
    submitted_name TEXT    NOT NULL,
    reopen_reason  TEXT    NOT NULL,
    UNIQUE (round_id, ags),
    FOREIGN KEY (round_id, ags) REFERENCES participants (round_id, ags),
    CHECK ((status = 'submitted') = (submitted_at IS NOT NULL))
) STRICT;
CREATE INDEX assessments_by_ags ON assessments (ags);

-- kind says what value holds: options a JSON array of option ids, number a decimal, text, date
-- YYYY-MM-DD, not_applicable its reason, open nothing.
CREATE TABLE answers (
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    question      TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('open', 'options', 'number', 'text', 'date', 'not_applicable')),
    value         TEXT    NOT NULL,
    comment       TEXT    NOT NULL,
    revision      INTEGER NOT NULL CHECK (revision > 0),
    by_user       INTEGER NOT NULL,
    by_name       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (assessment_id, question),
    CHECK ((kind = 'open') = (value = ''))
) STRICT, WITHOUT ROWID;

-- One line for each revision, the present one included: what it changed from is the line before.
CREATE TABLE changes (
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    question      TEXT    NOT NULL,
    revision      INTEGER NOT NULL CHECK (revision > 0),
    kind          TEXT    NOT NULL CHECK (kind IN ('open', 'options', 'number', 'text', 'date', 'not_applicable')),
    value         TEXT    NOT NULL,
    comment       TEXT    NOT NULL,
    by_user       INTEGER NOT NULL,
    by_name       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (assessment_id, question, revision),
    CHECK ((kind = 'open') = (value = ''))
) STRICT, WITHOUT ROWID;

-- Every submission ever made. The one that is not withdrawn is in the benchmark.
CREATE TABLE handovers (
    id            INTEGER PRIMARY KEY,
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    change        INTEGER NOT NULL,
    by_user       INTEGER NOT NULL,
    by_name       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    record        BLOB    NOT NULL,
    withdrawn_at  INTEGER,
    reason        TEXT    NOT NULL,
    CHECK (withdrawn_at IS NOT NULL OR reason = '')
) STRICT;
CREATE UNIQUE INDEX handovers_in_benchmark ON handovers (assessment_id) WHERE withdrawn_at IS NULL;

CREATE TABLE releases (
    round_id INTEGER NOT NULL REFERENCES rounds (id),
    number   INTEGER NOT NULL CHECK (number > 0),
    at       INTEGER NOT NULL,
    data     BLOB    NOT NULL,
    PRIMARY KEY (round_id, number)
) STRICT;

CREATE TABLE evidence (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    question      TEXT    NOT NULL,
    link          TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    type          TEXT    NOT NULL,
    size          INTEGER NOT NULL CHECK (size >= 0),
    sha256        TEXT    NOT NULL,
    by_user       INTEGER NOT NULL,
    by_name       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    CHECK ((link = '') = (sha256 <> ''))
) STRICT;
CREATE INDEX evidence_by_assessment ON evidence (assessment_id, question, id);

-- Apart from evidence, so that a listing never reads a file's bytes.
CREATE TABLE evidence_files (
    evidence_id INTEGER NOT NULL PRIMARY KEY REFERENCES evidence (id) ON DELETE CASCADE,
    data        BLOB    NOT NULL
) STRICT;
