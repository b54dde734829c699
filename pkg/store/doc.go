// Package store keeps everything in a database: SQLite by default, PostgreSQL by
// configuration. One *Store implements the Store interfaces of account, territory,
// assessment and round. Rows are unexported ...Row structs and stay in here; the package
// decides nothing that is not about keeping: rights, scores and texts live elsewhere.
//
// # Durability
//
// A write is acknowledged after its COMMIT has reached the disk (SQLite: WAL with
// synchronous=FULL). On SQLite one goroutine owns the only writing connection and commits
// everything that has queued up in one transaction (group commit); each write has its own
// savepoint, so that one that fails does not spoil the others. On PostgreSQL every write is
// its own transaction, rows that race are locked by the UPDATE that checks them, and an advisory
// lock per round orders answers against closing.
//
// # Conventions
//
// Times are whole microseconds since 1970 UTC, in both databases: exact, comparable, and no
// driver guesses at their format. NULL means "has not happened" for a time and "does not
// belong to one" for a reference; it never stands for the state of an answer, which has a
// column of its own. Numbers are decimal text, never floats.
//
// A round's checklist is pinned with all versions that lead to it, each by its hash; bytes that
// are pinned are never written again. Evidence that came along from an earlier round has a row
// of its own and shares the file (file_of): it is stored once and goes with the last that shows it.
//
// Every statement is fixed text with placeholders; no string of a user is ever part of one.
// Migrations are numbered SQL files for each database, forward only, one transaction each. A
// database newer than the program is refused; a SQLite file is copied before it is changed.
//
// # A folder that cannot be written
//
// An existing SQLite database whose folder is read-only or full is opened for reading: with
// its -wal and -shm files if they can be used, as an immutable file if there is no unfinished
// -wal, and else from a private copy in the system's temporary folder. Every write is then
// refused as fault.Unavailable and Ready says so; writing needs a restart.
package store
