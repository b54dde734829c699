package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
)

// Setting implements account.Store.
func (s *Store) Setting(ctx context.Context, name account.Setting) (string, error) {
	var value string
	err := s.row(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, translate("read setting", err)
}

// Remember implements account.Store.
func (s *Store) Remember(ctx context.Context, name account.Setting, value string) error {
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
