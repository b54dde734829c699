package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// Consent implements round.Store.
func (s *Store) Consent(ctx context.Context, id round.ID, town region.AGS) (c disclosure.Consent, err error) {
	err = s.row(ctx,
		`SELECT consent_total, consent_sections, consent_examples FROM participants WHERE round_id = ? AND ags = ?`,
		int64(id), string(town)).Scan(&c.Total, &c.Sections, &c.Examples)
	return c, translate("read consent", err)
}

// SetConsent implements round.Store.
func (s *Store) SetConsent(ctx context.Context, id round.ID, town region.AGS, c disclosure.Consent,
	shown *disclosure.Consent, e account.Event) error {
	err := s.write(ctx, "set consent", func(tx *gorm.DB) error {
		query := `SELECT consent_total, consent_sections, consent_examples FROM participants WHERE round_id = ? AND ags = ?`
		if s.postgres {
			query += ` FOR UPDATE`
		}
		var now disclosure.Consent
		if err := s.rowIn(tx, query, int64(id), string(town)).Scan(&now.Total, &now.Sections,
			&now.Examples); err != nil {
			return err
		}
		switch {
		case now == c:
			return errUnchanged
		case shown != nil && now != *shown:
			return round.ErrConsent.About(now)
		}
		_, err := s.exec(tx,
			`UPDATE participants SET consent_total = ?, consent_sections = ?, consent_examples = ? WHERE round_id = ? AND ags = ?`,
			c.Total, c.Sections, c.Examples, int64(id), string(town))
		if err != nil {
			return err
		}
		if !c.Examples { // nobody may ask any more
			if err := s.putContact(tx, id, town, round.Contact{}); err != nil {
				return err
			}
		}
		return s.note(tx, e)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

func (s *Store) putContact(tx *gorm.DB, id round.ID, town region.AGS, c round.Contact) error {
	_, err := s.exec(tx,
		`UPDATE participants SET contact_name = ?, contact_email = ?, contact_phone = ? WHERE round_id = ? AND ags = ?`,
		c.Name, c.Email, c.Phone, int64(id), string(town))
	return err
}

// Contact implements round.Store.
func (s *Store) Contact(ctx context.Context, id round.ID, town region.AGS) (c round.Contact, err error) {
	err = s.row(ctx,
		`SELECT contact_name, contact_email, contact_phone FROM participants WHERE round_id = ? AND ags = ?`,
		int64(id), string(town)).Scan(&c.Name, &c.Email, &c.Phone)
	return c, translate("read contact", err)
}

// Contacts implements round.Store.
func (s *Store) Contacts(ctx context.Context, id round.ID) (map[region.AGS]round.Contact, error) {
	contacts := map[region.AGS]round.Contact{}
	err := s.each(ctx, func(row scanner) error {
		var ags region.AGS
		var c round.Contact
		if err := row.Scan(&ags, &c.Name, &c.Email, &c.Phone); err != nil {
			return err
		}
		contacts[ags] = c
		return nil
	}, `SELECT p.ags, p.contact_name, p.contact_email, p.contact_phone FROM participants p
		JOIN assessments a ON a.round_id = p.round_id AND a.ags = p.ags
		WHERE p.round_id = ? AND p.consent_examples = ? AND p.contact_name <> '' AND a.removed_at IS NULL`, int64(id), true)
	return contacts, translate("list contacts", err)
}

// SetContact implements round.Store.
func (s *Store) SetContact(ctx context.Context, id round.ID, town region.AGS, c, shown round.Contact,
	e account.Event) error {
	err := s.write(ctx, "set contact", func(tx *gorm.DB) error {
		query := `SELECT consent_examples, contact_name, contact_email, contact_phone FROM participants WHERE round_id = ? AND ags = ?`
		if s.postgres {
			query += ` FOR UPDATE`
		}
		var asked bool
		var now round.Contact
		if err := s.rowIn(tx, query, int64(id), string(town)).Scan(&asked, &now.Name, &now.Email,
			&now.Phone); err != nil {
			return err
		}
		switch {
		case now == c:
			return errUnchanged
		case now != shown, !asked:
			return round.ErrConsent.About(now)
		}
		if err := s.putContact(tx, id, town, c); err != nil {
			return err
		}
		return s.note(tx, e)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
