package store

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"

	"ortsspiegel/pkg/fault"
)

// pgConnections is the size of the pool.
const pgConnections = 16

func (s *Store) openPostgres(ctx context.Context, address string) error {
	config, err := pgx.ParseConfig(address)
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
	s.place = fmt.Sprintf("postgres://%s/%s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), config.Database)
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(pgConnections)
	db.SetMaxIdleConns(pgConnections)
	s.closers = append(s.closers, db.Close)
	if err := s.migratePostgres(ctx, db); err != nil {
		return err
	}
	s.read, err = open(gormpostgres.New(gormpostgres.Config{Conn: db}))
	return err
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
