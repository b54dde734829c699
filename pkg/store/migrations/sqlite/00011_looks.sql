-- +goose Up

-- How a region appears in pages, and its legal texts. Empty: the operator's hold.
CREATE TABLE looks (
    region_id     TEXT PRIMARY KEY REFERENCES regions (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    light         TEXT NOT NULL,
    dark          TEXT NOT NULL,
    imprint       TEXT NOT NULL,
    privacy       TEXT NOT NULL,
    accessibility TEXT NOT NULL,
    contact       TEXT NOT NULL,
    arbitration   TEXT NOT NULL,
    revision      INTEGER NOT NULL
);
