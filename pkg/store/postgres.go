package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"

	"ortsspiegel/pkg/fault"
)

// Limits of the pool of connections to PostgreSQL.
const (
	mostConnections = 16 // unless Config says another number
	idleConnection  = time.Minute
	waitForDatabase = time.Second // between two looks at a database that does not answer yet
	waitForTurn     = 50 * time.Millisecond
)

func (s *Store) openPostgres(ctx context.Context, c Config) error {
	config, err := pgx.ParseConfig(c.DatabaseURL)
	if err != nil {
		// The text of err may hold the password.
		return fault.New(fault.Invalid, "database_url", "the database address is not a valid postgres:// address")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "ortsspiegel"
	}
	if config.RuntimeParams["lock_timeout"] == "" {
		config.RuntimeParams["lock_timeout"] = "10000" // milliseconds
	}
	s.postgres = true
	s.place = fmt.Sprintf("postgres://%s/%s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))),
		config.Database)
	db := sql.OpenDB(patient{stdlib.GetConnector(*config)})
	s.closers = append(s.closers, db.Close)
	db.SetMaxOpenConns(1) // until the server has said how many it takes
	if err := s.awaitPostgres(ctx, db, c.Wait); err != nil {
		return err
	}
	if err := s.sizePool(ctx, db, c); err != nil {
		return err
	}
	if err := s.migratePostgres(ctx, db); err != nil {
		return err
	}
	s.read, err = open(gormpostgres.New(gormpostgres.Config{Conn: db}))
	return err
}

// awaitPostgres returns when the database answers. One that cannot be reached, is starting or has
// no connection left is waited for; a wrong name or password is not.
func (s *Store) awaitPostgres(ctx context.Context, db *sql.DB, most time.Duration) error {
	deadline := time.Now().Add(most)
	for {
		// Each try ends, so that the log can tell of it.
		try, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := db.PingContext(try)
		cancel()
		if err == nil || ctx.Err() != nil || refusedForGood(err) || time.Now().After(deadline) {
			return err
		}
		s.log.Warn("waiting for the database", "database", s.place, "for",
			time.Until(deadline).Round(time.Second).String(), "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(waitForDatabase):
		}
	}
}

func refusedForGood(err error) bool {
	state := pgState(err)
	return strings.HasPrefix(state, "28") || strings.HasPrefix(state, "3D")
}

// sizePool bounds the pool. Unless its size is given it takes a third of the connections that the
// server has for ordinary users, so that a second node and pg_dump find some.
func (s *Store) sizePool(ctx context.Context, db *sql.DB, c Config) error {
	size, idle := c.Connections, c.Idle
	if size == 0 {
		var all, reserved int
		err := db.QueryRowContext(ctx,
			`SELECT current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int`).Scan(&all, &reserved)
		if err != nil {
			return err
		}
		size = max(1, min(mostConnections, (all-reserved)/3))
	}
	if idle == 0 {
		idle = idleConnection
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	db.SetConnMaxIdleTime(idle)
	s.log.Info("connections to the database", "most", size, "closed_after", idle.String())
	return nil
}

// patient waits for its turn where the server has no connection left, as long as the request that
// needs one may take.
type patient struct{ driver.Connector }

func (p patient) Connect(ctx context.Context) (driver.Conn, error) {
	for {
		conn, err := p.Connector.Connect(ctx)
		_, bounded := ctx.Deadline()
		if err == nil || !bounded || pgState(err) != "53300" {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(waitForTurn):
		}
	}
}

// writePostgres runs f in a transaction, again if the database had to choose a victim.
func (s *Store) writePostgres(ctx context.Context, f func(tx *gorm.DB) error) error {
	const tries = 4
	var err error
	for range tries {
		err = s.read.WithContext(ctx).Transaction(f)
		if state := pgState(err); state != "40001" && state != "40P01" {
			break
		}
	}
	return err
}
