package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
)

// endAccess ends the sessions of a user but keep, and its unused links. The caller has changed the user's row in the
// same transaction: whoever is about to give access waits for that row and then sees the change.
func (s *Store) endAccess(tx *gorm.DB, id account.UserID, keep account.SessionID) error {
	if _, err := s.exec(tx, `DELETE FROM sessions WHERE user_id = ? AND id <> ?`, id, keep); err != nil {
		return err
	}
	_, err := s.exec(tx, `DELETE FROM links WHERE user_id = ? AND used IS NULL`, id)
	return err
}

// forgetDevices makes all devices of a user unknown. The caller has changed the user's row, as for endAccess.
func (s *Store) forgetDevices(tx *gorm.DB, id account.UserID) error {
	_, err := s.exec(tx, `DELETE FROM devices WHERE user_id = ?`, id)
	return err
}

// rememberDevice makes the device of a new session known, or says when it was used last; another
// user's stays what it is. What there are too many of by now is not known any more (see
// UserAtDevice) and for housekeeping to delete.
func (s *Store) rememberDevice(tx *gorm.DB, n account.Session) error {
	if n.Device == (account.Hash{}) {
		return nil
	}
	at := int64(stampOf(n.Created))
	_, err := s.exec(tx, `INSERT INTO devices (hash, user_id, created, seen) VALUES (?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET seen = excluded.seen WHERE devices.user_id = excluded.user_id`, n.Device[:], n.User, at, at)
	return err
}

// CreateSession implements account.Store.
func (s *Store) CreateSession(ctx context.Context, n account.Session, h account.Hash, checked string,
	e account.Event) (account.SessionID, error) {
	var r sessionRow
	err := s.write(ctx, "create session", func(tx *gorm.DB) error {
		// Before the session, not after it: from here on whoever disables the user waits, and then ends the session.
		rows, err := s.exec(tx, `UPDATE users SET last_sign_in = ? WHERE id = ? AND password_hash = ? AND disabled = ?`,
			int64(stampOf(n.Created)), n.User, checked, false)
		if err := s.expected(tx, n.User, rows, err); err != nil {
			return err
		}
		r = sessionRowOf(n, h)
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		if err := s.rememberDevice(tx, n); err != nil {
			return err
		}
		return s.note(tx, e)
	})
	return account.SessionID(r.ID), err
}

const sessionColumns = `n.id, n.user_id, n.created, n.seen, n.agent, n.network`

func (r *sessionRow) fields() []any {
	return []any{&r.ID, &r.UserID, &r.Created, &r.Seen, &r.Agent, &r.Network}
}

// SessionByHash implements account.Store.
func (s *Store) SessionByHash(ctx context.Context, h account.Hash) (account.Session, account.User, error) {
	var n sessionRow
	var u userRow
	err := s.lookup(ctx, `SELECT `+sessionColumns+`, `+userColumns+
		` FROM sessions n JOIN users u ON u.id = n.user_id WHERE n.hash = ?`, h[:]).
		Scan(append(n.fields(), u.fields()...)...)
	if err != nil {
		return account.Session{}, account.User{}, translate("load session", err)
	}
	return n.session(), u.user(), nil
}

// TouchSession implements account.Store.
func (s *Store) TouchSession(ctx context.Context, id account.SessionID, seen time.Time) error {
	return s.write(ctx, "touch session", func(tx *gorm.DB) error {
		return oneRow(s.exec(tx, `UPDATE sessions SET seen = ? WHERE id = ?`, stampOf(seen), id))
	})
}

// Sessions implements account.Store: the newest first.
func (s *Store) Sessions(ctx context.Context, user account.UserID) ([]account.Session, error) {
	var list []account.Session
	err := s.each(ctx, func(row scanner) error {
		var r sessionRow
		if err := row.Scan(r.fields()...); err != nil {
			return err
		}
		list = append(list, r.session())
		return nil
	}, `SELECT `+sessionColumns+` FROM sessions n WHERE n.user_id = ? ORDER BY n.created DESC, n.id DESC`, user)
	return list, translate("list sessions", err)
}

// EndSession implements account.Store.
func (s *Store) EndSession(ctx context.Context, user account.UserID, id account.SessionID, e account.Event) error {
	return s.write(ctx, "end session", func(tx *gorm.DB) error {
		if err := oneRow(s.exec(tx, `DELETE FROM sessions WHERE id = ? AND user_id = ?`, id, user)); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// CreateLink implements account.Store.
func (s *Store) CreateLink(ctx context.Context, l account.Link, h account.Hash, e account.Event) (account.LinkID,
	error) {
	r := linkRow{Hash: h[:], Kind: string(l.Kind), UserID: int64(l.User), Created: stampOf(l.Created),
		Expires: stampOf(l.Expires),
		Used:    stampOf(l.Used), MadeBy: int64(l.By)}
	err := s.write(ctx, "create link", func(tx *gorm.DB) error {
		// Locks the user's row, as CreateSession does.
		n, err := s.exec(tx, `UPDATE users SET disabled = ? WHERE id = ? AND disabled = ?`, false, l.User, false)
		if err := s.expected(tx, l.User, n, err); err != nil {
			return err
		}
		r.ID = 0
		if err := tx.Create(&r).Error; duplicate(err) {
			return account.ErrLinkMade.Because(err)
		} else if err != nil {
			return err
		}
		return s.note(tx, e)
	})
	return account.LinkID(r.ID), err
}

// LinkByHash implements account.Store.
func (s *Store) LinkByHash(ctx context.Context, h account.Hash) (account.Link, account.User, error) {
	var l linkRow
	var u userRow
	err := s.row(ctx, `SELECT l.id, l.kind, l.user_id, l.created, l.expires, l.used, l.made_by, `+userColumns+`
		FROM links l JOIN users u ON u.id = l.user_id WHERE l.hash = ?`, h[:]).
		Scan(append([]any{&l.ID, &l.Kind, &l.UserID, &l.Created, &l.Expires, &l.Used, &l.MadeBy}, u.fields()...)...)
	if err != nil {
		return account.Link{}, account.User{}, translate("load link", err)
	}
	return l.link(), u.user(), nil
}

// UseLink implements account.Store.
func (s *Store) UseLink(ctx context.Context, use account.LinkUse) error {
	at := int64(stampOf(use.Session.Created))
	return s.write(ctx, "use link", func(tx *gorm.DB) error {
		// The user's row first, as everywhere: two locks taken in two orders would wait for each other.
		err := oneRow(s.exec(tx, `UPDATE users SET last_sign_in = ?, name = CASE WHEN ? = '' THEN name ELSE ? END,
			password_hash = CASE WHEN ? = '' THEN password_hash ELSE ? END WHERE id = ? AND disabled = ?`,
			at, use.Name, use.Name, use.Password, use.Password, use.User, false))
		if err != nil {
			return err
		}
		err = oneRow(s.exec(tx,
			`UPDATE links SET used = ? WHERE id = ? AND user_id = ? AND used IS NULL AND expires >= ?`, at, use.ID,
			use.User, at))
		if err != nil {
			return err
		}
		if use.Password != "" {
			if err := s.endAccess(tx, use.User, 0); err != nil {
				return err
			}
			if err := s.forgetDevices(tx, use.User); err != nil {
				return err
			}
		}
		r := sessionRowOf(use.Session, use.Secret)
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		if err := s.rememberDevice(tx, use.Session); err != nil {
			return err
		}
		for _, e := range use.Events {
			if err := s.note(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
