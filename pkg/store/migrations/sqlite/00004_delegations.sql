-- +goose Up

-- A colleague without an account who was asked some questions. hash is of the secret in the link that is open;
-- questions is a JSON array of ids in the order of the checklist.
CREATE TABLE delegations (
    id            INTEGER PRIMARY KEY,
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    hash          BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    questions     TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    note          TEXT    NOT NULL,
    created       INTEGER NOT NULL,
    by_user       INTEGER NOT NULL,
    by_name       TEXT    NOT NULL,
    expires       INTEGER NOT NULL,
    revoked       INTEGER,
    last_use      INTEGER,
    uses          INTEGER NOT NULL CHECK (uses >= 0),
    name          TEXT    NOT NULL, -- as the colleague said it; '': not yet
    done          INTEGER,
    reminders     INTEGER NOT NULL CHECK (reminders >= 0),
    reminded      INTEGER
) STRICT;
CREATE INDEX delegations_by_assessment ON delegations (assessment_id);

-- The hashes of links that a reminder has replaced: who opens one is told so.
CREATE TABLE replaced_links (
    hash          BLOB    NOT NULL PRIMARY KEY,
    delegation_id INTEGER NOT NULL REFERENCES delegations (id)
) STRICT, WITHOUT ROWID;
