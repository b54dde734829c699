package store

import (
	"context"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
)

// Forget implements account.Store.
func (s *Store) Forget(ctx context.Context, u account.User, e account.Event) error {
	return s.write(ctx, "forget user", func(tx *gorm.DB) error {
		// The user's row first, as everywhere: who is about to sign in waits, and then finds the account locked.
		n, err := s.exec(tx, `UPDATE users SET email = ?, name = ?, phone = '', password_hash = '', language = '', disabled = ?, last_sign_in = NULL,
			forgotten = ? WHERE id = ? AND email = ? AND forgotten IS NULL`,
			forgottenAddress(u.ID), account.ForgottenName(u.ID), true, int64(stampOf(e.At)), u.ID, u.Email)
		if err := s.expected(tx, u.ID, n, err); err != nil {
			return err
		}
		for _, query := range []string{`DELETE FROM sessions WHERE user_id = ?`, `DELETE FROM links WHERE user_id = ?`,
			`DELETE FROM devices WHERE user_id = ?`, `DELETE FROM notices_seen WHERE user_id = ?`} {
			if _, err := s.exec(tx, query, u.ID); err != nil {
				return err
			}
		}
		if err := s.forgetAddress(tx, u); err != nil {
			return err
		}
		if err := s.forgetName(tx, u.ID); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// forgottenAddress is no address of mail: nobody signs in with it, and no mail goes there.
func forgottenAddress(id account.UserID) string { return account.ForgottenName(id) }

// forgetName replaces a person's name wherever that person has done something.
func (s *Store) forgetName(tx *gorm.DB, id account.UserID) error {
	name := account.ForgottenName(id)
	// Counted as changes, so that no page that was kept shows the name: the assessments that it
	// stands in, which locks them.
	_, err := s.exec(tx, `UPDATE assessments SET change = change + 1 WHERE id IN (SELECT assessment_id FROM answers WHERE by_user = ? AND by_name <> ?
		UNION SELECT assessment_id FROM evidence WHERE by_user = ? AND by_name <> ? UNION SELECT assessment_id FROM handovers WHERE by_user = ? AND by_name <> ?
		UNION SELECT assessment_id FROM delegations WHERE by_user = ? AND by_name <> ?)`, id, name, id, name, id, name, id, name)
	if err != nil {
		return err
	}
	// What colleagues answered by a link tells who had asked.
	for _, table := range []string{"answers", "changes", "evidence"} {
		_, err := s.exec(tx, `UPDATE `+table+` SET origin_subject = ? WHERE origin = ? AND EXISTS (SELECT 1 FROM delegations d
			WHERE d.assessment_id = `+table+`.assessment_id AND d.by_user = ? AND d.by_name = `+table+`.origin_subject AND d.by_name <> ?)`,
			name, string(assessment.OriginLink), id, name)
		if err != nil {
			return err
		}
	}
	_, err = s.exec(tx, `UPDATE assessments SET submitted_name = ? WHERE submitted_name <> '' AND submitted_name <> ? AND EXISTS (SELECT 1 FROM handovers h
		WHERE h.assessment_id = assessments.id AND h.by_user = ? AND h.by_name = assessments.submitted_name)`, name, name, id)
	if err != nil {
		return err
	}
	for _, table := range []string{"answers", "changes", "evidence", "handovers", "delegations"} {
		if _, err := s.exec(tx, `UPDATE `+table+` SET by_name = ? WHERE by_user = ? AND by_name <> ?`, name, id,
			name); err != nil {
			return err
		}
	}
	_, err = s.exec(tx, `UPDATE events SET name = ? WHERE actor = ? AND name <> ?`, name, id, name)
	return err
}

// forgetAddress replaces a person's address where it stands without the person's number: in the
// log, in notices, and among the colleagues who were asked by a link.
func (s *Store) forgetAddress(tx *gorm.DB, u account.User) error {
	name := account.ForgottenName(u.ID)
	addresses := []string{u.Email}
	if account.NormalEmail(u.Email) == u.Email {
		// The log holds addresses as they were typed before there was one form of them.
		more, err := s.spellings(tx, u)
		if err != nil {
			return err
		}
		addresses = append(addresses, more...)
	}
	for _, address := range addresses {
		// A sign-in that failed has no actor, but the name of whom it was meant for.
		for _, query := range []string{`UPDATE events SET name = ? WHERE subject = ? AND actor = 0 AND kind = '` +
			string(account.EventSignInFailed) + `'`,
			`UPDATE events SET subject = ? WHERE subject = ?`, `UPDATE notices SET subject = ? WHERE subject = ?`} {
			if _, err := s.exec(tx, query, name, address); err != nil {
				return err
			}
		}
	}
	if u.Name != "" {
		_, err := s.exec(tx, `UPDATE notices SET name = ? WHERE name = ? AND id IN (SELECT n.id FROM notices n JOIN events e ON e.at = n.at AND e.kind = n.kind
			WHERE e.actor = ?)`, name, u.Name, u.ID)
		if err != nil {
			return err
		}
	}
	_, err := s.exec(tx,
		`UPDATE delegations SET email = '', recipient = ?, name = CASE WHEN name = '' THEN '' ELSE ? END WHERE email = ?`, name, name, u.Email)
	return err
}

// spellings lists other ways in which the log spells an address.
func (s *Store) spellings(tx *gorm.DB, u account.User) ([]string, error) {
	var list []string
	err := s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		var subject string
		if err := row.Scan(&subject); err != nil {
			return err
		}
		if subject != u.Email && account.NormalEmail(subject) == u.Email {
			list = append(list, subject)
		}
		return nil
	}, `SELECT DISTINCT subject FROM events WHERE subject LIKE '%@%' AND (town = ? OR region = ?)`, string(u.Town),
		string(u.Region))
	return list, err
}
