-- +goose Up

-- What the program remembers of itself, such as the address under which its server was reached last.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
