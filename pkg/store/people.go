package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

var _ account.Store = (*Store)(nil)

// User implements account.Store.
func (s *Store) User(ctx context.Context, id account.UserID) (account.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.user(), translate("load user", err)
}

// UserByEmail implements account.Store.
func (s *Store) UserByEmail(ctx context.Context, email string) (account.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).Where("email = ?", email).Take(&r).Error
	return r.user(), translate("load user by address", err)
}

// UserAtDevice implements account.Store.
func (s *Store) UserAtDevice(ctx context.Context, email string, device account.Hash, since time.Time) (account.User,
	bool, error) {
	var r userRow
	var known bool
	err := s.row(ctx, `SELECT `+userColumns+`, EXISTS (SELECT 1 FROM
			(SELECT d.hash, d.seen FROM devices d WHERE d.user_id = u.id ORDER BY d.seen DESC, d.hash LIMIT ?) last
			WHERE last.hash = ? AND last.seen >= ?)
		FROM users u WHERE u.email = ?`, account.MostDevices, device[:], int64(stampOf(since)), email).
		Scan(append(r.fields(), &known)...)
	if err != nil {
		return account.User{}, false, translate("load user by address", err)
	}
	return r.user(), known, nil
}

// PeopleOfTown implements account.Store.
func (s *Store) PeopleOfTown(ctx context.Context, town region.AGS) ([]account.User, error) {
	return s.people(ctx, `SELECT `+userColumns+` FROM users u WHERE u.town = ? AND u.forgotten IS NULL`, town)
}

// PeopleOfRegion implements account.Store.
func (s *Store) PeopleOfRegion(ctx context.Context, id region.ID) ([]account.User, error) {
	return s.people(ctx, `SELECT `+userColumns+` FROM users u
		WHERE (u.region = ? OR u.town IN (SELECT ags FROM region_towns WHERE region_id = ?)) AND u.forgotten IS NULL`, id, id)
}

// AdminsOfRegion implements account.Store.
func (s *Store) AdminsOfRegion(ctx context.Context, id region.ID) ([]account.User, error) {
	return s.people(ctx, `SELECT `+userColumns+` FROM users u WHERE u.region = ? AND u.role = ? AND u.disabled = ?`,
		id, account.AgencyAdmin, false)
}

// Everybody implements account.Store.
func (s *Store) Everybody(ctx context.Context) ([]account.User, error) {
	return s.people(ctx, `SELECT `+userColumns+` FROM users u`)
}

// InvitationsOf implements account.Store.
func (s *Store) InvitationsOf(ctx context.Context, people []account.UserID) ([]account.Link, error) {
	keys, err := json.Marshal(people)
	if err != nil {
		return nil, err
	}
	in := `(SELECT value FROM json_each(?))`
	if s.postgres {
		in = `(SELECT value::bigint FROM json_array_elements_text(?::json))`
	}
	var list []account.Link
	err = s.each(ctx, func(row scanner) error {
		r := linkRow{Kind: string(account.LinkInvitation)}
		err := row.Scan(&r.UserID, &r.Created, &r.Expires)
		list = append(list, r.link())
		return err
	}, `SELECT user_id, max(created), max(expires) FROM links WHERE kind = '`+string(account.LinkInvitation)+`' AND used IS NULL
		AND user_id IN `+in+` GROUP BY user_id ORDER BY user_id`, string(keys))
	return list, translate("list invitations", err)
}

// LeadsOfTowns implements account.Store.
func (s *Store) LeadsOfTowns(ctx context.Context, id region.ID, towns []region.AGS) ([]account.User, error) {
	keys, err := json.Marshal(towns)
	if err != nil {
		return nil, err
	}
	return s.people(ctx, `SELECT `+userColumns+` FROM users u JOIN region_towns r ON r.ags = u.town
		WHERE r.region_id = ? AND u.role = '`+string(account.TownLead)+`' AND u.disabled = ? AND u.town IN `+s.anyText(), string(id), false, string(keys))
}

// UnledTowns implements account.Store. The keys come as one text, as in Participants.
func (s *Store) UnledTowns(ctx context.Context, id region.ID) ([]region.AGS, error) {
	var keys string
	err := s.row(ctx, `SELECT coalesce(string_agg(r.ags, ' '), '') FROM region_towns r WHERE r.region_id = ? AND NOT EXISTS
		(SELECT 1 FROM users u WHERE u.town = r.ags AND u.role = '`+string(account.TownLead)+`' AND u.disabled = ?)`,
		string(id), false).Scan(&keys)
	if err != nil {
		return nil, translate("list towns without a lead", err)
	}
	fields := strings.Fields(keys)
	towns := make([]region.AGS, len(fields))
	for i, key := range fields {
		towns[i] = region.AGS(key)
	}
	return towns, nil
}

func (s *Store) people(ctx context.Context, query string, args ...any) ([]account.User, error) {
	var list []account.User
	var r userRow // each row fills all of it
	fields := r.fields()
	err := s.each(ctx, func(row scanner) error {
		if err := row.Scan(fields...); err != nil {
			return err
		}
		list = append(list, r.user())
		return nil
	}, query, args...)
	if err != nil {
		return nil, translate("list people", err)
	}
	byName(list, func(u account.User) string { return u.Name + "\x00" + u.Email })
	return list, nil
}

// byName sorts a list by a text as plaintext.Fold writes it, the same on every database. What is alike stays as it was.
func byName[T any](list []T, name func(T) string) {
	byKey(list, func(item T) string { return plaintext.Fold(name(item)) })
}

// byKey sorts a list by a key that is made once for each; the items themselves move once.
func byKey[T any](list []T, key func(T) string) {
	type place struct {
		key string
		at  int
	}
	places := make([]place, len(list))
	for i, item := range list {
		places[i] = place{key(item), i}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(strings.Compare(a.key, b.key), a.at-b.at) })
	sorted := make([]T, len(list))
	for i, p := range places {
		sorted[i] = list[p.at]
	}
	copy(list, sorted)
}

// CreateUser implements account.Store. A town or region that does not exist is Invalid.
func (s *Store) CreateUser(ctx context.Context, u account.User, e account.Event) (account.UserID, error) {
	r := userRowOf(u)
	err := s.write(ctx, "create user", func(tx *gorm.DB) error {
		if err := s.unled(tx, 0, e); err != nil {
			return err
		}
		r.ID = 0
		if err := tx.Create(&r).Error; err != nil {
			return userFault(err, u)
		}
		return s.note(tx, e)
	})
	return account.UserID(r.ID), err
}

func userFault(err error, u account.User) error {
	switch {
	case duplicate(err):
		// Without its cause: the database's words say the same in terms of its columns.
		return fault.New(fault.Conflict, "email_taken", "there is already somebody with the e-mail address %s",
			account.ShownEmail(u.Email))
	case dangling(err) && u.Role.ForTown():
		return fault.Fields([]fault.Field{{Name: "town", Code: "town_unknown",
			Message: "there is no municipality " + string(u.Town)}})
	case dangling(err):
		return fault.Fields([]fault.Field{{Name: "region", Code: "region_unknown",
			Message: "there is no region " + string(u.Region)}})
	}
	return err
}

// SetRole implements account.Store.
func (s *Store) SetRole(ctx context.Context, id account.UserID, from, to account.Role, e account.Event) error {
	return s.write(ctx, "set role", func(tx *gorm.DB) error {
		if err := s.unled(tx, id, e); err != nil {
			return err
		}
		n, err := s.exec(tx, `UPDATE users SET role = ? WHERE id = ? AND role = ? AND forgotten IS NULL`, to, id, from)
		if err := s.expected(tx, id, n, err); err != nil {
			return err
		}
		if err := s.endAccess(tx, id, 0); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// SetDisabled implements account.Store.
func (s *Store) SetDisabled(ctx context.Context, id account.UserID, disabled bool, e account.Event) error {
	return s.write(ctx, "set disabled", func(tx *gorm.DB) error {
		if err := s.unled(tx, id, e); err != nil {
			return err
		}
		if err := oneRow(s.exec(tx, `UPDATE users SET disabled = ? WHERE id = ? AND forgotten IS NULL`, disabled,
			id)); err != nil {
			return err
		}
		if err := s.endAccess(tx, id, 0); err != nil {
			return err
		}
		if err := s.forgetDevices(tx, id); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// SetPassword implements account.Store.
func (s *Store) SetPassword(ctx context.Context, id account.UserID, from, to string, keep account.SessionID,
	e account.Event) error {
	return s.write(ctx, "set password", func(tx *gorm.DB) error {
		n, err := s.exec(tx, `UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ? AND disabled = ?`,
			to, id, from, false)
		if err := s.expected(tx, id, n, err); err != nil {
			return err
		}
		if err := s.endAccess(tx, id, keep); err != nil {
			return err
		}
		if err := s.forgetDevices(tx, id); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// SetProfile implements account.Store.
func (s *Store) SetProfile(ctx context.Context, id account.UserID, name, phone, language string) error {
	return s.write(ctx, "set profile", func(tx *gorm.DB) error {
		n, err := s.exec(tx, `UPDATE users SET name = ?, phone = ?, language = ? WHERE id = ? AND disabled = ?`, name,
			phone, language, id, false)
		return s.expected(tx, id, n, err)
	})
}

// expected makes of an UPDATE that found no row what it means: there is no such user, or not in the
// state that was expected.
func (s *Store) expected(tx *gorm.DB, id account.UserID, n int64, err error) error {
	if err != nil || n > 0 {
		return err
	}
	var there int
	if err := s.rowIn(tx, `SELECT 1 FROM users WHERE id = ?`, id).Scan(&there); err != nil {
		return err
	}
	return account.ErrChanged
}
