package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
)

const delegationColumns = `d.id, d.assessment_id, d.questions, d.recipient, d.email, d.note, d.created, d.by_user, d.by_name, d.expires, d.revoked,
	d.last_use, d.uses, d.name, d.done, d.reminders, d.reminded`

// scanDelegation reads delegationColumns, and more.
func scanDelegation(row scanner, more ...any) (assessment.Delegation, error) {
	var d assessment.Delegation
	var questions string
	var created, expires, revoked, used, done, reminded stamp
	fields := []any{&d.ID, &d.Assessment, &questions, &d.For, &d.Email, &d.Note, &created, &d.By, &d.ByName, &expires,
		&revoked, &used, &d.Uses, &d.Name, &done, &d.Reminders, &reminded}
	if err := row.Scan(append(fields, more...)...); err != nil {
		return d, err
	}
	d.Created, d.Expires, d.Revoked = created.time(), expires.time(), revoked.time()
	d.LastUse, d.Done, d.Reminded = used.time(), done.time(), reminded.time()
	return d, json.Unmarshal([]byte(questions), &d.Questions)
}

// CreateDelegation implements assessment.Store.
func (s *Store) CreateDelegation(ctx context.Context, d assessment.Delegation, h account.Hash, most int,
	e account.Event) (assessment.DelegationID, error) {
	questions, err := json.Marshal(d.Questions)
	if err != nil {
		return 0, err
	}
	created := int64(stampOf(d.Created))
	var id assessment.DelegationID
	err = s.write(ctx, "create delegation", func(tx *gorm.DB) error {
		if s.postgres { // two at once must not both find the last place free
			if _, err := s.exec(tx, `SELECT id FROM assessments WHERE id = ? FOR UPDATE`,
				int64(d.Assessment)); err != nil {
				return err
			}
		}
		var open int
		err := s.rowIn(tx,
			`SELECT count(*) FROM delegations WHERE assessment_id = ? AND revoked IS NULL AND expires > ?`,
			int64(d.Assessment), created).Scan(&open)
		if err != nil {
			return err
		}
		if open >= most {
			return assessment.ErrManyLinks.Saying("at most %d links can be open at a time: please revoke some",
				most).With("Max", most)
		}
		err = s.rowIn(tx, `INSERT INTO delegations (assessment_id, hash, questions, recipient, email, note, created, by_user, by_name, expires, uses, name, reminders)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0) RETURNING id`, int64(d.Assessment), h[:], string(questions), d.For, d.Email, d.Note, created,
			int64(d.By), d.ByName, int64(stampOf(d.Expires))).Scan(&id)
		if err != nil {
			return err
		}
		return s.note(tx, e)
	})
	return id, err
}

// Delegations implements assessment.Store.
func (s *Store) Delegations(ctx context.Context, id assessment.ID) ([]assessment.Delegation, error) {
	var list []assessment.Delegation
	err := s.each(ctx, func(row scanner) error {
		d, err := scanDelegation(row)
		list = append(list, d)
		return err
	}, `SELECT `+delegationColumns+` FROM delegations d WHERE d.assessment_id = ? ORDER BY d.created DESC, d.id DESC`,
		int64(id))
	return list, translate("list delegations", err)
}

// DelegationsOfTown implements assessment.Store.
func (s *Store) DelegationsOfTown(ctx context.Context, town region.AGS, most int) ([]assessment.Delegation, error) {
	var list []assessment.Delegation
	err := s.each(ctx, func(row scanner) error {
		d, err := scanDelegation(row)
		list = append(list, d)
		return err
	}, `SELECT `+delegationColumns+` FROM delegations d JOIN assessments a ON a.id = d.assessment_id
		WHERE a.ags = ? ORDER BY d.created DESC, d.id DESC LIMIT ?`, string(town), most)
	return list, translate("list delegations of a town", err)
}

const delegationByHash = `SELECT ` + delegationColumns + `, d.hash <> ? FROM delegations d
	WHERE d.hash = ? OR d.id = (SELECT delegation_id FROM replaced_links WHERE hash = ?)`

// DelegationByHash implements assessment.Store.
func (s *Store) DelegationByHash(ctx context.Context, h account.Hash) (assessment.Delegation, error) {
	var replaced bool
	d, err := scanDelegation(s.lookup(ctx, delegationByHash, h[:], h[:], h[:]), &replaced)
	d.Replaced = replaced
	return d, translate("load delegation", err)
}

// RevokeDelegation implements assessment.Store. On PostgreSQL it waits for an answer that is being written by the link.
func (s *Store) RevokeDelegation(ctx context.Context, id assessment.ID, d assessment.DelegationID, at time.Time,
	e account.Event) error {
	return s.write(ctx, "revoke delegation", func(tx *gorm.DB) error {
		err := oneRow(s.exec(tx,
			`UPDATE delegations SET revoked = ? WHERE id = ? AND assessment_id = ? AND revoked IS NULL`,
			int64(stampOf(at)), int64(d), int64(id)))
		if err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// RenewDelegation implements assessment.Store.
func (s *Store) RenewDelegation(ctx context.Context, id assessment.ID, d assessment.DelegationID, h account.Hash,
	at, expires time.Time, e account.Event) error {
	return s.write(ctx, "renew delegation", func(tx *gorm.DB) error {
		// The row is locked first: two reminders at once must not both keep the same old hash.
		err := oneRow(s.exec(tx,
			`UPDATE delegations SET reminders = reminders + 1, reminded = ?, expires = ? WHERE id = ? AND assessment_id = ? AND revoked IS NULL`,
			int64(stampOf(at)), int64(stampOf(expires)), int64(d), int64(id)))
		if err != nil {
			return err
		}
		if _, err := s.exec(tx,
			`INSERT INTO replaced_links (hash, delegation_id) SELECT hash, id FROM delegations WHERE id = ?`,
			int64(d)); err != nil {
			return err
		}
		if _, err := s.exec(tx, `UPDATE delegations SET hash = ? WHERE id = ?`, h[:], int64(d)); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// openLink ends an UPDATE of one delegation that needs its link to be open: the placeholders are its hash and the time.
const openLink = ` WHERE hash = ? AND revoked IS NULL AND expires > ?`

// UseDelegation implements assessment.Store.
func (s *Store) UseDelegation(ctx context.Context, u assessment.Use) error {
	when := int64(stampOf(u.At))
	set, where, values, conditions := `last_use = ?, uses = uses + 1`, openLink, []any{when}, []any{u.Secret[:], when}
	if u.Name != "" {
		set, values = set+`, name = ?`, append(values, u.Name)
	}
	if u.Done {
		set, values = set+`, done = ?`, append(values, when)
	}
	if !u.Since.IsZero() {
		where, conditions = where+` AND (last_use IS NULL OR last_use <= ?)`,
			append(conditions, int64(stampOf(u.Since)))
	}
	err := s.write(ctx, "use delegation", func(tx *gorm.DB) error {
		n, err := s.exec(tx, `UPDATE delegations SET `+set+where, append(slices.Clone(values), conditions...)...)
		if err != nil {
			return err
		}
		if n > 0 {
			return s.note(tx, u.Event)
		}
		if err := s.linkRefusal(tx, u.Secret, u.At); err != nil {
			return err
		}
		return errUnchanged // used a moment ago
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// linkRefusal says why a link cannot be used at a time; nil if it can.
func (s *Store) linkRefusal(tx *gorm.DB, h account.Hash, at time.Time) error {
	var replaced bool
	d, err := scanDelegation(s.rowIn(tx, delegationByHash, h[:], h[:], h[:]), &replaced)
	if err != nil {
		return err
	}
	d.Replaced = replaced
	return d.Refusal(at)
}

// useLink notes that answers are written by a link, or says why it cannot be used. It is looked at where they are
// written; on PostgreSQL its row is locked until they are, so that who revokes it waits for them or comes first.
func (s *Store) useLink(tx *gorm.DB, h account.Hash, id assessment.ID, at time.Time) error {
	when := int64(stampOf(at))
	n, err := s.exec(tx, `UPDATE delegations SET last_use = ?, uses = uses + 1`+openLink+` AND assessment_id = ?`,
		when, h[:], when, int64(id))
	if err != nil || n > 0 {
		return err
	}
	if err := s.linkRefusal(tx, h, at); err != nil {
		return err
	}
	return assessment.ErrNoLink
}
