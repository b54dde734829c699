-- +goose Up

-- Counts what was changed of a round, so that two people do not overwrite each other.
ALTER TABLE rounds ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- When a town was taken out of a round that had opened, and why: its answers stay, but count nowhere.
ALTER TABLE assessments ADD COLUMN removed_at INTEGER;
ALTER TABLE assessments ADD COLUMN removed_reason TEXT NOT NULL DEFAULT '';

-- Deleting an assessment looks for what hangs on it; the other index on this column is a partial one.
CREATE INDEX handovers_by_assessment ON handovers (assessment_id);
