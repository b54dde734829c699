-- +goose Up

-- A person's telephone, as people write it; empty: none is given.
ALTER TABLE users ADD COLUMN phone TEXT NOT NULL DEFAULT '';
