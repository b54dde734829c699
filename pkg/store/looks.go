package store

import (
	"context"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
)

const lookColumns = `l.region_id, l.name, l.light, l.dark, l.imprint, l.privacy, l.accessibility, l.contact,
	l.arbitration, l.revision`

func lookFields(l *territory.Look) []any {
	return []any{&l.Region, &l.Name, &l.Light, &l.Dark, &l.Imprint, &l.Privacy, &l.Accessibility, &l.Contact,
		&l.Arbitration, &l.Revision}
}

// Look implements territory.Store.
func (s *Store) Look(ctx context.Context, id region.ID) (territory.Look, error) {
	var l territory.Look
	err := s.row(ctx, `SELECT `+lookColumns+` FROM looks l WHERE l.region_id = ?`, string(id)).Scan(lookFields(&l)...)
	return l, translate("load look", err)
}

// LooksOf implements territory.Store.
func (s *Store) LooksOf(ctx context.Context, town region.AGS) ([]territory.Look, error) {
	var list []territory.Look
	err := s.each(ctx, func(row scanner) error {
		var l territory.Look
		if err := row.Scan(lookFields(&l)...); err != nil {
			return err
		}
		list = append(list, l)
		return nil
	}, `SELECT `+lookColumns+` FROM looks l JOIN region_towns t ON t.region_id = l.region_id WHERE t.ags = ?
		ORDER BY l.region_id`, string(town))
	return list, translate("list looks of a town", err)
}

// SaveLook implements territory.Store.
func (s *Store) SaveLook(ctx context.Context, l territory.Look, e account.Event) error {
	return s.write(ctx, "save look", func(tx *gorm.DB) error {
		values := []any{l.Name, l.Light, l.Dark, l.Imprint, l.Privacy, l.Accessibility, l.Contact, l.Arbitration}
		var n int64
		var err error
		if l.Revision == 0 {
			n, err = s.exec(tx, `INSERT INTO looks (name, light, dark, imprint, privacy, accessibility, contact,
				arbitration, region_id, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (region_id) DO NOTHING`,
				append(values, string(l.Region))...)
		} else {
			n, err = s.exec(tx, `UPDATE looks SET name = ?, light = ?, dark = ?, imprint = ?, privacy = ?,
				accessibility = ?, contact = ?, arbitration = ?, revision = revision + 1
				WHERE region_id = ? AND revision = ?`, append(values, string(l.Region), l.Revision)...)
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return territory.ErrLookChanged
		}
		return s.note(tx, e)
	})
}
