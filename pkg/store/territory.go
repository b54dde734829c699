package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
)

var _ territory.Store = (*Store)(nil)

// rowsPerInsert bounds a multi-row INSERT well below both databases' limits of parameters.
const rowsPerInsert = 500

// Region implements territory.Store.
func (s *Store) Region(ctx context.Context, id region.ID) (region.Region, error) {
	var r regionRow
	err := s.read.WithContext(ctx).Where("id = ?", string(id)).Take(&r).Error
	return r.region(), translate("load region", err)
}

// Regions implements territory.Store.
func (s *Store) Regions(ctx context.Context) ([]region.Region, error) {
	var rows []regionRow
	if err := s.read.WithContext(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, translate("list regions", err)
	}
	list := make([]region.Region, len(rows))
	for i, r := range rows {
		list[i] = r.region()
	}
	return list, nil
}

// RegionsOf implements account.Store.
func (s *Store) RegionsOf(ctx context.Context, town region.AGS) ([]region.ID, error) {
	var list []region.ID
	err := s.each(ctx, func(row scanner) error {
		var id region.ID
		if err := row.Scan(&id); err != nil {
			return err
		}
		list = append(list, id)
		return nil
	}, `SELECT region_id FROM region_towns WHERE ags = ? ORDER BY region_id`, string(town))
	return list, translate("list regions of a town", err)
}

// Town implements territory.Store.
func (s *Store) Town(ctx context.Context, ags region.AGS) (region.Municipality, error) {
	var m region.Municipality
	err := s.row(ctx, `SELECT `+municipalityColumns+` FROM municipalities m WHERE m.ags = ?`,
		string(ags)).Scan(municipalityFields(&m)...)
	return m, translate("load municipality", err)
}

// TownsByAGS implements territory.Store, in one statement whatever the number.
func (s *Store) TownsByAGS(ctx context.Context, list []region.AGS) (map[region.AGS]region.Municipality, error) {
	keys, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	towns, err := s.towns(ctx, `SELECT `+municipalityColumns+` FROM municipalities m WHERE m.ags IN `+s.anyText(),
		string(keys))
	found := make(map[region.AGS]region.Municipality, len(towns))
	for _, m := range towns {
		found[m.AGS] = m
	}
	return found, err
}

// anyText is a subquery of the texts in a JSON array: any number of keys in one placeholder.
func (s *Store) anyText() string {
	if s.postgres {
		return `(SELECT value FROM json_array_elements_text(?::json))`
	}
	return `(SELECT value FROM json_each(?))`
}

func (s *Store) towns(ctx context.Context, query string, args ...any) ([]region.Municipality, error) {
	var list []region.Municipality
	var m region.Municipality // each row fills all of it
	fields := municipalityFields(&m)
	err := s.each(ctx, func(row scanner) error {
		if err := row.Scan(fields...); err != nil {
			return err
		}
		list = append(list, m)
		return nil
	}, query, args...)
	return list, translate("list municipalities", err)
}

// SaveRegion implements territory.Store.
func (s *Store) SaveRegion(ctx context.Context, r region.Region, towns []region.Municipality, e account.Event) error {
	rows := make([]municipalityRow, len(towns))
	members := make([]memberRow, len(towns))
	for i, m := range towns {
		rows[i] = municipalityRowOf(m)
		members[i] = memberRow{RegionID: string(r.ID), AGS: string(m.AGS)}
	}
	return s.write(ctx, "save region", func(tx *gorm.DB) error {
		err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "id"}},
			DoUpdates: clause.AssignmentColumns([]string{"name", "agency", "source"})}).
			Create(&regionRow{ID: string(r.ID), Name: r.Name, Agency: r.Agency, Source: r.Source}).Error
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			update := clause.OnConflict{Columns: []clause.Column{{Name: "ags"}},
				DoUpdates: clause.AssignmentColumns([]string{
					"name", "official_name", "kind", "district_key", "district_name", "population", "population_date",
					"area_km2", "lat", "lon"})}
			if err := tx.Clauses(update).CreateInBatches(&rows, rowsPerInsert).Error; err != nil {
				return err
			}
			if err := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&members,
				rowsPerInsert).Error; err != nil {
				return err
			}
		}
		if err := s.renewTowns(tx); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// RemoveTown implements territory.Store.
func (s *Store) RemoveTown(ctx context.Context, id region.ID, ags region.AGS, e account.Event) error {
	return s.write(ctx, "remove municipality from region", func(tx *gorm.DB) error {
		if err := oneRow(s.exec(tx, `DELETE FROM region_towns WHERE region_id = ? AND ags = ?`, string(id),
			string(ags))); err != nil {
			return err
		}
		if err := s.renewTowns(tx); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// SaveOutlines implements territory.Store.
func (s *Store) SaveOutlines(ctx context.Context, id region.ID, geojson []byte, e account.Event) error {
	return s.write(ctx, "save outlines", func(tx *gorm.DB) error {
		_, err := s.exec(tx, `INSERT INTO outlines (region_id, geojson) VALUES (?, ?)
			ON CONFLICT (region_id) DO UPDATE SET geojson = excluded.geojson`, string(id), geojson)
		if dangling(err) {
			return oneRow(0, nil)
		}
		if err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

// Outlines implements territory.Store.
func (s *Store) Outlines(ctx context.Context, id region.ID) ([]byte, error) {
	var r outlineRow
	err := s.read.WithContext(ctx).Where("region_id = ?", string(id)).Take(&r).Error
	return r.Geojson, translate("load outlines", err)
}

// OutlinesUpTo implements territory.Store.
func (s *Store) OutlinesUpTo(ctx context.Context, id region.ID, most int) (geojson []byte, some bool, err error) {
	err = translate("load outlines", s.row(ctx,
		`SELECT CASE WHEN length(geojson) <= ? THEN geojson END FROM outlines WHERE region_id = ?`,
		most, string(id)).Scan(&geojson))
	if fault.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	return geojson, err == nil, err
}
