-- +goose Up

-- The version before: NULL for a first one, and for what was pinned before this column was there.
ALTER TABLE checklists ADD COLUMN from_hash TEXT REFERENCES checklists (hash);

-- Where an answer came from if nobody typed it; '' in a round's own answers.
ALTER TABLE answers ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN origin_at INTEGER;

ALTER TABLE changes ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN origin_at INTEGER;

ALTER TABLE evidence ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN origin_at INTEGER;
