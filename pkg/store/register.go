package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"sync"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// register keeps the municipalities that were read, until one is changed or moves between regions,
// by this node or another: each such change writes a new revision in its own transaction, and each
// reading asks for the revision first. A list of ten thousand towns then costs one short statement.
type register struct {
	mu       sync.Mutex
	revision string
	towns    map[region.AGS]registered
	regions  map[region.ID][]region.Municipality // by AGS
}

// registered is a municipality with the key by which lists of names are ordered.
type registered struct {
	region.Municipality
	key string // towns of one name are ordered by AGS
}

// mostRegistered bounds what is kept: six times Germany's, some 20 MB.
const mostRegistered = 66_000

// townsRevision is what every change of municipalities and regions' members renews.
const townsRevision account.Setting = "towns_revision"

// renewTowns says, in the transaction of a change, that what was read of towns is no longer so.
func (s *Store) renewTowns(tx *gorm.DB) error {
	_, err := s.exec(tx,
		`INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		townsRevision, rand.Text())
	return err
}

// current returns the revision of the towns and forgets what was read at another. It has to come
// before what it vouches for: a change in between is then read once too often, never too seldom.
func (s *Store) current(ctx context.Context) (string, error) {
	var revision string
	err := s.row(ctx, `SELECT value FROM settings WHERE name = ?`, townsRevision).Scan(&revision)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	s.register.at(revision)
	return revision, nil
}

// at forgets what was read at another revision.
func (k *register) at(revision string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.revision != revision || k.towns == nil {
		k.revision, k.towns, k.regions = revision, map[region.AGS]registered{}, map[region.ID][]region.Municipality{}
	}
}

// keep adds what was read after a revision was asked for, if that is still the present one.
func (k *register) keep(revision string, id region.ID, list []region.Municipality) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.revision != revision || k.towns == nil {
		return
	}
	if len(k.towns)+len(list) > mostRegistered {
		k.towns, k.regions = map[region.AGS]registered{}, map[region.ID][]region.Municipality{}
	}
	for _, m := range list {
		k.towns[m.AGS] = registered{m, plaintext.Fold(m.Name) + "\x00" + string(m.AGS)}
	}
	if id != "" {
		k.regions[id] = slices.Clone(list)
	}
}

// Towns implements territory.Store.
func (s *Store) Towns(ctx context.Context, id region.ID) ([]region.Municipality, error) {
	revision, err := s.current(ctx)
	if err != nil {
		return nil, translate("list municipalities", err)
	}
	s.register.mu.Lock()
	list, ok := s.register.regions[id]
	ok = ok && s.register.revision == revision
	s.register.mu.Unlock()
	if ok {
		return slices.Clone(list), nil // the caller's own, to sort
	}
	list, err = s.towns(ctx, `SELECT `+municipalityColumns+` FROM region_towns r JOIN municipalities m ON m.ags = r.ags
		WHERE r.region_id = ? ORDER BY m.ags`, string(id))
	if err == nil {
		s.register.keep(revision, id, list)
	}
	return list, err
}

// registered returns municipalities of a revision; what is not kept is read in one statement.
func (s *Store) registered(ctx context.Context, revision string, list []region.AGS) (map[region.AGS]registered, error) {
	found := make(map[region.AGS]registered, len(list))
	var missing []region.AGS
	s.register.mu.Lock()
	for _, ags := range list {
		if m, ok := s.register.towns[ags]; ok && s.register.revision == revision {
			found[ags] = m
		} else {
			missing = append(missing, ags)
		}
	}
	s.register.mu.Unlock()
	if len(missing) == 0 {
		return found, nil
	}
	read, err := s.TownsByAGS(ctx, missing)
	if err != nil {
		return nil, err
	}
	fresh := make([]region.Municipality, 0, len(read))
	for ags, m := range read {
		found[ags] = registered{m, plaintext.Fold(m.Name) + "\x00" + string(m.AGS)}
		fresh = append(fresh, m)
	}
	s.register.keep(revision, "", fresh)
	return found, nil
}
