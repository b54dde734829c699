-- The second half of this step is written in Go: it brings addresses of mail into their one form.

-- NULL: has not been made unknown.
ALTER TABLE users ADD COLUMN forgotten INTEGER;

-- Browsers in which somebody has signed in before. hash is of the secret in their cookie.
CREATE TABLE devices (
    hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    seen    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_user ON devices (user_id, seen);

-- What others did to a town's people, shown to each of them until seen. name is who did it, subject to whom.
CREATE TABLE notices (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    town    TEXT    NOT NULL REFERENCES municipalities (ags),
    kind    TEXT    NOT NULL CHECK (kind <> ''),
    name    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX notices_by_town ON notices (town, at);

CREATE TABLE notices_seen (
    notice_id INTEGER NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (notice_id, user_id)
) STRICT, WITHOUT ROWID;

-- What housekeeping looks for.
CREATE INDEX events_by_time ON events (at);
CREATE INDEX sessions_by_seen ON sessions (seen);
CREATE INDEX links_by_expiry ON links (expires);
