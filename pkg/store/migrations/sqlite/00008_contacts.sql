-- +goose Up

-- Whom other towns of the round may ask for good examples; empty unless the town agreed to be asked (consent_examples).
ALTER TABLE participants ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN contact_email TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN contact_phone TEXT NOT NULL DEFAULT '';
