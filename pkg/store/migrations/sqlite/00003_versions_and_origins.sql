-- +goose Up

-- The version before: NULL for a first one, and for what was pinned before this column was there.
ALTER TABLE checklists ADD COLUMN from_hash TEXT REFERENCES checklists (hash);

-- Where an answer came from if nobody typed it; '': somebody did.
ALTER TABLE answers ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN origin_at INTEGER;

ALTER TABLE changes ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN origin_at INTEGER;

ALTER TABLE evidence ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN origin_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN origin_at INTEGER;

-- The piece of evidence that keeps the file; NULL: this one itself. A file that came along through
-- ten rounds is stored once.
ALTER TABLE evidence ADD COLUMN file_of INTEGER REFERENCES evidence (id);
CREATE INDEX evidence_by_file ON evidence (file_of) WHERE file_of IS NOT NULL;
