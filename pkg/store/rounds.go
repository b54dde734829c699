package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

var _ round.Store = (*Store)(nil)

type roundRow struct {
	ID            int64 `gorm:"primaryKey"`
	RegionID      string
	Title         string
	ChecklistHash string
	Opens         stamp
	Closes        stamp
	Status        string
	Created       stamp
	PeerGroups    string
}

func (roundRow) TableName() string { return "rounds" }

type participantRow struct {
	RoundID         int64  `gorm:"primaryKey"`
	AGS             string `gorm:"column:ags;primaryKey"`
	ConsentTotal    bool
	ConsentSections bool
	ConsentExamples bool
}

func (participantRow) TableName() string { return "participants" }

// groupJSON is a peer group as a round keeps it.
type groupJSON struct {
	ID      region.GroupID `json:"id"`
	Members []region.AGS   `json:"members"`
}

func encodeGroups(groups []region.Group) (string, error) {
	list := make([]groupJSON, len(groups))
	for i, g := range groups {
		list[i] = groupJSON(g)
	}
	data, err := json.Marshal(list)
	return string(data), err
}

func decodeGroups(text string) ([]region.Group, error) {
	var list []groupJSON
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("peer groups: %w", err)
	}
	var groups []region.Group
	for _, g := range list {
		groups = append(groups, region.Group(g))
	}
	return groups, nil
}

const roundQuery = `SELECT r.id, r.region_id, r.title, c.id, c.version, r.checklist_hash, r.opens, r.closes, r.status, r.created, r.peer_groups, r.revision
	FROM rounds r JOIN checklists c ON c.hash = r.checklist_hash `

func (s *Store) scanRound(row scanner) (round.Round, error) {
	var r round.Round
	var opens, closes, created stamp
	var groups string
	err := row.Scan(&r.ID, &r.Region, &r.Title, &r.Checklist.ID, &r.Checklist.Version, &r.Hash, &opens, &closes,
		&r.Status, &created, &groups, &r.Revision)
	if err != nil {
		return round.Round{}, err
	}
	r.Opens, r.Closes, r.Created = opens.time(), closes.time(), created.time()
	r.Groups, err = s.groups.of(groups)
	return r, err
}

// Round implements round.Store.
func (s *Store) Round(ctx context.Context, id round.ID) (round.Round, error) {
	r, err := s.scanRound(s.lookup(ctx, roundQuery+`WHERE r.id = ?`, int64(id)))
	return r, translate("load round", err)
}

// RoundsOfRegion implements round.Store.
func (s *Store) RoundsOfRegion(ctx context.Context, id region.ID) ([]round.Round, error) {
	var list []round.Round
	err := s.each(ctx, func(row scanner) error {
		r, err := s.scanRound(row)
		list = append(list, r)
		return err
	}, roundQuery+`WHERE r.region_id = ? ORDER BY r.opens DESC, r.id DESC`, string(id))
	return list, translate("list rounds", err)
}

// Create implements round.Store.
func (s *Store) Create(ctx context.Context, r round.Round, pins []lineage.Pinned, towns []region.AGS,
	e account.Event) (round.ID, error) {
	var id round.ID
	err := s.write(ctx, "create round", func(tx *gorm.DB) (err error) {
		if id, err = s.createIn(tx, r, pins, towns); err != nil {
			return err
		}
		return s.note(tx, e)
	})
	return id, err
}

func (s *Store) createIn(tx *gorm.DB, r round.Round, pins []lineage.Pinned, towns []region.AGS) (round.ID, error) {
	row := roundRow{RegionID: string(r.Region), Title: r.Title, ChecklistHash: r.Hash, Opens: stampOf(r.Opens),
		Closes: stampOf(r.Closes),
		Status: string(r.Status), Created: stampOf(r.Created), PeerGroups: "[]"}
	if err := s.pin(tx, pins); err != nil {
		return 0, err
	}
	if err := tx.Create(&row).Error; err != nil {
		return 0, err
	}
	participants := make([]participantRow, len(towns))
	for i, ags := range towns {
		participants[i] = participantRow{RoundID: row.ID, AGS: string(ags)}
	}
	if len(participants) > 0 {
		if err := tx.CreateInBatches(&participants, rowsPerInsert).Error; err != nil {
			return 0, err
		}
	}
	return round.ID(row.ID), nil
}

// Participants implements round.Store. A database takes several times as long to hand out ten
// thousand rows as to write them into one text, and while that is what it was, so is the list. Both
// halves are one statement, so that they tell of one moment.
func (s *Store) Participants(ctx context.Context, id round.ID) ([]round.Participant, error) {
	var now standing
	var revision sql.NullString // of the towns: the statement brings it along
	err := s.row(ctx, `SELECT (SELECT coalesce(string_agg(ags || ' ' || coalesce(population, -1) || ' '
			|| CASE WHEN consent_total THEN '1' ELSE '0' END || CASE WHEN consent_sections THEN '1' ELSE '0' END
			|| CASE WHEN consent_examples THEN '1' ELSE '0' END || ' ', ''), '') FROM participants WHERE round_id = ?),
		(SELECT coalesce(string_agg(ags || ' ' || id || ' ' || status || ' ' || change || ' ' || coalesce(submitted_at, 0) || ' '
			|| CASE WHEN removed_at IS NULL THEN '0' ELSE '1' END || ' ', ''), '') FROM assessments WHERE round_id = ?),
		(SELECT value FROM settings WHERE name = ?)`, int64(id), int64(id), townsRevision).Scan(&now.towns, &now.entered, &revision)
	if err != nil {
		return nil, translate("list participants", err)
	}
	now.round, now.revision = id, revision.String
	s.register.at(now.revision)
	if list, ok := s.standings.find(&now); ok {
		return list, nil
	}
	towns, err := now.read()
	if err != nil {
		return nil, translate("list participants", err)
	}
	keys := make([]region.AGS, len(towns))
	for i, p := range towns {
		keys[i] = p.Town.AGS
	}
	known, err := s.registered(ctx, now.revision, keys)
	if err != nil {
		return nil, err
	}
	byKey(towns, func(p round.Participant) string { return known[p.Town.AGS].key })
	for i := range towns {
		p := &towns[i]
		p.Town = known[p.Town.AGS].Municipality
		if p.Population < 0 {
			p.Population = p.Town.Population
		}
	}
	now.list = towns
	s.standings.keep(now)
	return slices.Clone(towns), nil
}

// SetStatus implements round.Store.
func (s *Store) SetStatus(ctx context.Context, id round.ID, from, to round.Status, _ time.Time, groups []region.Group,
	e account.Event) error {
	return s.write(ctx, "change state of round", func(tx *gorm.DB) error {
		if err := s.statusIn(tx, id, from, to, groups); err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

func (s *Store) statusIn(tx *gorm.DB, id round.ID, from, to round.Status, groups []region.Group) error {
	if err := s.changeRound(tx, id); err != nil {
		return err
	}
	n, err := s.exec(tx, `UPDATE rounds SET status = ?, revision = revision + 1 WHERE id = ? AND status = ?`,
		string(to), int64(id), string(from))
	if err != nil {
		return err
	}
	if n == 0 {
		return s.wrongStatus(tx, id)
	}
	if to == round.Open {
		return s.start(tx, id, groups)
	}
	return nil
}

// wrongStatus says why a round could not change: it does not exist, or stands elsewhere.
func (s *Store) wrongStatus(tx *gorm.DB, id round.ID) error {
	var status string
	if err := s.rowIn(tx, `SELECT status FROM rounds WHERE id = ?`, int64(id)).Scan(&status); err != nil {
		return err
	}
	return round.ErrStatus.Saying("the round is %s by now", status).With("Status", status)
}

// start gives every participant an assessment and fixes what the benchmark's groups depend on.
func (s *Store) start(tx *gorm.DB, id round.ID, groups []region.Group) error {
	text, err := encodeGroups(groups)
	if err != nil {
		return err
	}
	if _, err := s.exec(tx, `UPDATE rounds SET peer_groups = ? WHERE id = ?`, text, int64(id)); err != nil {
		return err
	}
	_, err = s.exec(tx, `UPDATE participants SET population = (SELECT m.population FROM municipalities m WHERE m.ags = participants.ags)
		WHERE round_id = ?`, int64(id))
	if err != nil {
		return err
	}
	_, err = s.exec(tx, insertDrafts+` WHERE round_id = ? ORDER BY ags`, int64(id))
	return err
}

// insertDrafts gives participants an untouched assessment; which of them, follows.
const insertDrafts = `INSERT INTO assessments (round_id, ags, status, change, submitted_name, reopen_reason)
	SELECT round_id, ags, '` + string(assessment.Draft) + `', 0, '', '' FROM participants`
