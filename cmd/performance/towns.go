package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/store"
)

// sizes are the rounds that are compared, in towns: a region, a state, the republic.
var sizes = []int{60, 1_100, 11_000}

const everywhere region.ID = "messung"

// folder is an open data folder with the services that rounds need.
type folder struct {
	store    *store.Store
	rounds   *round.Service
	versions *lineage.Versions
	dryRuns  *dryrun.Service
}

func openFolder(ctx context.Context, dir string) (*folder, error) {
	s, err := store.Open(ctx, store.Config{DataDir: dir})
	if err != nil {
		return nil, err
	}
	v := lineage.New(s, catalog.New(checklists.FS))
	r, err := round.NewService(s, v, s, disclosure.DefaultRules(), time.Now)
	return &folder{s, r, v, dryrun.NewService(s)}, err
}

// agency is who may do everything with the rounds here.
var agency = account.Actor{User: 1, Name: "Messung", Role: account.AgencyAdmin, Region: everywhere}

// town is a made-up municipality; 25 make a district.
func town(i int) region.Municipality {
	district := region.DistrictKey(fmt.Sprintf("%05d", 1000+i/25))
	return region.Municipality{AGS: region.AGS(fmt.Sprintf("%s%03d", district, 1+i%25)),
		Name: fmt.Sprintf("Ort %d", i), OfficialName: fmt.Sprintf("Ort %d, Gemeinde", i),
		Kind: "Gemeinde", District: region.District{Key: district, Name: "Kreis " + string(district)},
		Population:     500 + (i*7919)%60_000,
		PopulationDate: "2024-12-31", AreaKm2: 30, Lat: 50 + float64(i%100)/50, Lon: 8 + float64(i/100)/50}
}

// filled returns a data folder with a round of each size in which every town has submitted; it is made once.
func (b *meter) filled() (dir string, ids []round.ID, err error) {
	dir = filepath.Join(b.dir, "rounds")
	if b.filledRounds == nil {
		b.say("  making up rounds of %v towns ...", sizes)
		b.filledRounds, err = fill(b.ctx, dir)
	}
	return dir, b.filledRounds, err
}

func fill(ctx context.Context, dir string) (ids []round.ID, err error) {
	f, err := openFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer f.store.Close()
	all := make([]region.Municipality, sizes[len(sizes)-1])
	for i := range all {
		all[i] = town(i)
	}
	r := region.Region{ID: everywhere, Name: "Messung", Agency: "Messung", Source: "made up"}
	if err := f.store.SaveRegion(ctx, r, all, account.Event{At: time.Now(), Name: agency.Name,
		Kind: account.EventTownsChanged, Region: everywhere}); err != nil {
		return nil, err
	}
	d, _, err := catalog.New(checklists.FS).Get(checklist.Ref{ID: "willkommen", Version: "1.0.0"})
	if err != nil {
		return nil, err
	}
	for _, n := range sizes {
		id, err := f.fillRound(ctx, d, all[:n])
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (f *folder) fillRound(ctx context.Context, d *checklist.Definition, towns []region.Municipality) (id round.ID,
	err error) {
	now := time.Now()
	in := round.New{Title: fmt.Sprintf("%d Orte", len(towns)), Checklist: d.Ref(), Opens: now.AddDate(0, -1, 0),
		Closes: now.AddDate(0, 1, 0)}
	for _, t := range towns {
		in.Towns = append(in.Towns, t.AGS)
	}
	if id, err = f.rounds.Create(ctx, agency, in); err != nil {
		return 0, err
	}
	if err := f.rounds.Open(ctx, agency, id); err != nil {
		return 0, err
	}
	const piece = 500 // towns in memory
	for len(towns) > 0 {
		n := min(piece, len(towns))
		list := make([]assessment.Import, n)
		for i, t := range towns[:n] {
			if list[i], err = submission(d, t, now); err != nil {
				return 0, err
			}
		}
		if err := f.store.ImportAssessments(ctx, id, list); err != nil {
			return 0, err
		}
		towns = towns[n:]
	}
	return id, nil
}

func submission(d *checklist.Definition, t region.Municipality, at time.Time) (assessment.Import, error) {
	given := demo.Answers(d, 1, t.AGS, demo.ProfileOf(t, 1))
	b, by := assessment.Import{Town: t.AGS}, "Leitung "+t.Name
	for _, q := range d.Questions() {
		if a, ok := given[q.ID]; ok {
			b.Entries = append(b.Entries, assessment.Entry{Question: q.ID, Given: true, Answer: a, Revision: 1, By: by,
				At: at})
		}
	}
	return b, b.Submit(d, t.Population, at, by)
}
