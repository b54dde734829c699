-- +goose Up
-- Times are whole microseconds since 1970-01-01 UTC; NULL: has not happened.

CREATE TABLE municipalities (
    ags             TEXT    NOT NULL PRIMARY KEY CHECK (length(ags) = 8),
    name            TEXT    NOT NULL,
    official_name   TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    district_key    TEXT    NOT NULL,
    district_name   TEXT    NOT NULL,
    population      INTEGER NOT NULL CHECK (population >= 0),
    population_date TEXT    NOT NULL,
    area_km2        REAL    NOT NULL,
    lat             REAL    NOT NULL,
    lon             REAL    NOT NULL
) STRICT;

CREATE TABLE regions (
    id     TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    agency TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;

CREATE TABLE region_towns (
    region_id TEXT NOT NULL REFERENCES regions (id),
    ags       TEXT NOT NULL REFERENCES municipalities (ags),
    PRIMARY KEY (region_id, ags)
) STRICT, WITHOUT ROWID;
CREATE INDEX region_towns_by_ags ON region_towns (ags);

CREATE TABLE outlines (
    region_id TEXT NOT NULL PRIMARY KEY REFERENCES regions (id),
    geojson   BLOB NOT NULL
) STRICT;

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('agency-admin', 'agency-analyst', 'town-lead', 'town-editor', 'town-viewer')),
    town          TEXT    REFERENCES municipalities (ags),
    region        TEXT    REFERENCES regions (id),
    language      TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created       INTEGER NOT NULL,
    last_sign_in  INTEGER,
    CHECK ((role LIKE 'town-%' AND town IS NOT NULL AND region IS NULL) OR (role LIKE 'agency-%' AND region IS NOT NULL AND town IS NULL))
) STRICT;
CREATE INDEX users_by_town ON users (town) WHERE town IS NOT NULL;
CREATE INDEX users_by_region ON users (region) WHERE region IS NOT NULL;

CREATE TABLE sessions (
    id      INTEGER PRIMARY KEY,
    hash    BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    agent   TEXT    NOT NULL,
    network TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE links (
    id      INTEGER PRIMARY KEY,
    hash    BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    kind    TEXT    NOT NULL CHECK (kind IN ('invitation', 'signin', 'reset')),
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used    INTEGER,
    made_by INTEGER NOT NULL
) STRICT;
CREATE INDEX links_by_user ON links (user_id);

-- The log outlives what it tells of: no foreign keys.
CREATE TABLE events (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    kind    TEXT    NOT NULL CHECK (kind <> ''),
    town    TEXT    NOT NULL,
    region  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX events_by_town ON events (town, id);
CREATE INDEX events_by_region ON events (region, id);

-- What readiness writes to: reading stays green on a dead disk.
CREATE TABLE readiness (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    checks INTEGER NOT NULL
) STRICT;
INSERT INTO readiness (id, checks) VALUES (1, 0);
