package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// Setting is a name of what the program remembers of itself.
type Setting string

const (
	// PublicAddress is where people reached the server that ran last.
	PublicAddress Setting = "public_address"
	// DemoPassword is what the accounts of the demonstration sign in with; it protects made-up data.
	DemoPassword Setting = "demo_password"
)

// Setting returns what is remembered; empty: nothing.
func (s *Store) Setting(ctx context.Context, name Setting) (string, error) {
	var value string
	err := s.row(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, translate("read setting", err)
}

// Remember keeps a setting. What is remembered already is not written again.
func (s *Store) Remember(ctx context.Context, name Setting, value string) error {
	if known, err := s.Setting(ctx, name); err != nil || known == value {
		return err
	}
	return s.write(ctx, "remember setting", func(tx *gorm.DB) error {
		_, err := s.exec(tx,
			`INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			name, value)
		return err
	})
}
